"""The scanner for credentials: whole processes of `ingot scan secrets`, against ripgrep with the same literals and patterns on the same files."""

import glob, os, re, statistics

from measure import INGOT, ROOT, compare, fresh, report, run

# All files as bytes. Without Unicode's classes the patterns mean what the scanner's do, and are faster by far.
RIPGREP = "-uuu -a -c --no-messages --no-unicode --regex-size-limit 1G --dfa-size-limit 1G"


def compiles(pattern):
    """Whether what was cut out of the sources is a whole pattern."""
    try:
        re.compile(pattern)
        return True
    except re.error:
        return False


class Secrets:
    def __init__(self, folder, tree, changed, size, runs):
        self.folder, self.tree, self.changed, self.size, self.runs = folder, tree, changed, size, runs
        self.home = f"{folder}/secrets-home"

    def scan(self, target, home=None):
        """A finding is an answer and no failure of the benchmark."""
        return run("sh", "-c", f'"$0" scan secrets "$1" --home "$2" --output quiet || [ $? = 1 ]', INGOT, target, home or self.home)

    def measure(self):
        patterns = self.patterns()
        fresh(self.home)
        runs = compare("scan of a folder / ripgrep, same literals and patterns", 1 / 3, lambda: self.scan(self.tree),
                       lambda: run("sh", "-c", f'rg {RIPGREP} -f "$0" "$1" || [ $? = 1 ]', patterns, self.tree), 1, warmup=0)  # ripgrep takes minutes
        rate = self.size / statistics.median(r.wall for r in runs) / 1e9
        report("seconds for a gigabyte of the folder", 1 / rate, 2.5, f"{rate:.2f} GB/s over all bytes")
        self.images()

    def images(self):
        """First and second version of an image; the second has one file in a hundred changed."""
        for tree in (self.tree, self.changed):
            run(INGOT, "import", "server", tree, "--home", self.home)
        first, second = [], []
        for _ in range(self.runs):
            fresh(f"{self.home}/cache/secrets")
            first.append(self.scan("server/1.0.0").wall)
            second.append(self.scan("server/1.0.1").wall)
        one, two = statistics.median(first), statistics.median(second)
        report("scan of the second version / of the first", two / one, 0.05, f"{two * 1000:.0f} ms against {one * 1000:.0f} ms")

    def patterns(self):
        """The token rules as a file of regular expressions for ripgrep, read from the tables of the sources."""
        lines = []
        for path in sorted(glob.glob(f"{ROOT}/Sources/Secrets/Rules/*Rules.swift")):
            for entry in re.split(r"(?:TokenRule|hash)\(", open(path).read())[1:]:
                entry = entry.split("check:")[0].split("entropy:")[0]
                texts = [raw or plain for raw, plain in re.findall(r'#"(.*?)"#|"([^"]*)"', entry)]
                if len(texts) < 3:
                    continue
                pattern = texts[-1]
                if "named:" in entry:
                    words = "|".join(re.escape(word) for word in texts[2:-1])
                    pattern = rf"""(?i:{words})[\w.\- ]{{0,40}}["'`]?\s{{0,10}}(?:=>|:=|[=:,>(]|\s)\s{{0,10}}["'`]?{pattern}"""
                if compiles(pattern):
                    lines.append(pattern)
        path = f"{self.folder}/patterns"
        with open(path, "w") as out:
            out.write("\n".join(lines) + "\n")
        return path
