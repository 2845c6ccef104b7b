"""What differs between two versions, by meaning: whole processes of `ingot diff --semantic`."""

import os, statistics

from measure import INGOT, compare, fresh, report, run, sh


class Semantic:
    def __init__(self, folder, tree, changed, runs):
        self.folder, self.tree, self.changed, self.runs = folder, tree, changed, runs
        self.home = f"{folder}/semantic-home"

    def ingot(self, *arguments):
        return run(INGOT, *arguments, "--home", self.home)

    def measure(self):
        fresh(self.home)
        for tree in (self.tree, self.changed, self.configured()):
            self.ingot("import", "server", tree)
        self.against_limit("semantic diff, 1 % of the files changed", "server/1.0.0", "server/1.0.1")
        self.against_limit("semantic diff, accounts, services and settings changed", "server/1.0.0", "server/1.0.2")
        compare("semantic diff / plain diff, 1 % of the files changed", 10, lambda: self.diff("server/1.0.0", "server/1.0.1"),
                lambda: self.ingot("diff", "server/1.0.0", "server/1.0.1"), self.runs * 3)

    def diff(self, old, new):
        return self.ingot("diff", old, new, "--semantic")

    def against_limit(self, title, old, new):
        self.diff(old, new)
        runs = [self.diff(old, new) for _ in range(self.runs * 3)]
        report(title + ", ms", statistics.median(r.wall for r in runs) * 1000, 100,
               f"processor {statistics.median(r.cpu for r in runs) * 1000:.0f} ms; peak {max(r.memory for r in runs):.0f} MB")

    def configured(self):
        """A copy of the tree with a change in each of a dozen places that mean something."""
        tree = f"{self.folder}/configured"
        fresh(tree)
        sh(f"cp -a {self.tree} {tree}")
        append = {
            "etc/passwd": "deploy:x:1500:1500::/home/deploy:/bin/bash", "etc/shadow": "deploy:!:19000:0:99999:7:::",
            "etc/group": "deploy:x:1500:", "etc/fstab": "tmpfs /tmp tmpfs nodev,nosuid,noexec 0 0",
            "etc/login.defs": "PASS_MAX_DAYS 365", "etc/sysctl.d/60-bench.conf": "net.ipv4.ip_forward = 1",
            "etc/modprobe.d/bench.conf": "install dccp /bin/false", "etc/cron.d/bench": "*/5 * * * * root /bin/true",
            "etc/sudoers.d/bench": "deploy ALL=(ALL) NOPASSWD: ALL", "etc/ssh/sshd_config.d/bench.conf": "PasswordAuthentication no",
            "etc/pam.d/common-auth": "auth optional pam_faildelay.so", "etc/apt/sources.list.d/bench.list": "deb http://example.org/ x y",
            "var/lib/dpkg/status": "\nPackage: bench\nStatus: install ok installed\nArchitecture: all\nVersion: 1.0\n",
        }
        for path, text in append.items():
            with open(f"{tree}/{path}", "a") as file:
                file.write(text + "\n")
        os.symlink("/dev/null", f"{tree}/etc/systemd/system/rsync.service")
        return tree
