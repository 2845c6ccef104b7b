"""What is in an image: packages, bills of materials, and a scan by a feed of the size of Debian's tracker."""

import json, os, random, statistics

from measure import INGOT, report, run, sh


class Packages:
    def __init__(self, folder, tree, runs):
        self.folder, self.tree, self.runs = folder, tree, runs
        self.home = f"{folder}/packages-home"

    def measure(self):
        if not os.path.exists(self.home):
            sh(f"{INGOT} import server {self.tree} --home {self.home} >/dev/null 2>&1")
        status = open(f"{self.tree}/var/lib/dpkg/status").read()
        count = status.count("Status: install ok installed")
        for name, words in [("inventory", "inventory server -o json"), ("sbom spdx", "sbom server --format spdx"),
                            ("sbom cyclonedx", "sbom server --format cyclonedx")]:
            self.one(f"{name} of {count} packages", words, 150)
        self.one("scan by a tracker of 60 MB", f"scan packages server --feed {self.tracker(status)} -o quiet", 10_000)

    def one(self, title, words, limit):
        command = [INGOT, *words.split(), "--home", self.home]
        run(*command)
        runs = [run(*command) for _ in range(max(5, self.runs))]
        wall = statistics.median(r.wall for r in runs)
        report(title, wall * 1000, limit,
               f"ms; processor {statistics.median(r.cpu for r in runs) * 1000:.0f} ms; peak {max(r.memory for r in runs):.0f} MB")

    def tracker(self, status):
        """A feed of the tracker's shape and size, with the sources of the image among others."""
        path = f"{self.folder}/tracker.json"
        if not os.path.exists(path):
            random.seed(3)
            sources = sorted({line.split()[1] for line in status.split("\n") if line.startswith(("Package: ", "Source: "))})
            sources += [f"other-{n}" for n in range(3500)]
            feed, size = {}, 0
            while size < 60_000_000:
                source = random.choice(sources)
                number = f"CVE-{random.randint(2010, 2026)}-{random.randint(1000, 49999)}"
                entry = {"description": "x" * 300, "scope": "remote", "releases": {
                    release: {"status": "resolved", "repositories": {release: "1.2-3"}, "fixed_version": "1.2-3", "urgency": "low"}
                    for release in ("bullseye", "bookworm", "trixie", "sid")}}
                feed.setdefault(source, {})[number] = entry
                size += 900
            with open(path, "w") as out:
                json.dump(feed, out)
        return path
