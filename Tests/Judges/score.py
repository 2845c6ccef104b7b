#!/usr/bin/env python3
"""score.py RESULTS.xml: the share of pass in pass + fail + error of an XCCDF result, and the rules that fail."""

import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter

PREFIX = "xccdf_org.ssgproject.content_rule_"
results = {}
for element in ElementTree.parse(sys.argv[1]).iter():
    if element.tag.endswith("}rule-result"):
        results[element.get("idref").removeprefix(PREFIX)] = next(c.text for c in element if c.tag.endswith("}result"))
count = Counter(results.values())
decided = count["pass"] + count["fail"] + count["error"]
print(f"  {count['pass']} pass, {count['fail']} fail, {count['error']} error: {100 * count['pass'] / decided:.2f} %")
print("  not counted: " + ", ".join(f"{count[k]} {k}" for k in ("notapplicable", "unknown", "notchecked")))
for status in ("fail", "error"):
    for rule in sorted(r for r, result in results.items() if result == status):
        print(f"  {status}  {rule}")
