#!/usr/bin/env python3
"""Measures Ingot against ostree, git, buildah, bubblewrap, mke2fs, ripgrep and moto on a real Debian 12 server tree.

    python3 Tests/Benchmarks/bench.py [--runs N] [--only imports,diffs,copies,builds,sandbox,semantic,audit,secrets,packages,api] [--folder DIR]

Every comparison runs the two commands in turn within one run, after a warm-up, and prints medians and the ratio of the
medians. Whole processes are timed from outside. Single times depend on the machine; ratios are what counts.
"""

import argparse, os, random, shutil, subprocess

from api import API
from measure import INGOT, compare, fresh, report, run, sh
from packages import Packages
from sandbox import Sandbox
from secrets_scan import Secrets
from semantic import Semantic

PACKAGES = ("openssh-server,sudo,nginx-light,postgresql,rsync,python3,curl,git,locales,cloud-init,chrony,unattended-upgrades,"
            "libpam-pwquality,apparmor,rsyslog,cron,man-db,vim-tiny,ca-certificates,linux-image-cloud-amd64")


class Bench:
    def __init__(self, folder, runs):
        self.folder, self.runs = folder, runs
        self.tree, self.changed = f"{folder}/tree", f"{folder}/changed"
        self.home, self.ostree = f"{folder}/home", f"{folder}/ostree"

    def ingot(self, *arguments, home=None):
        return run(INGOT, *arguments, "--home", home or self.home)

    def prepare(self):
        """The server tree."""
        os.makedirs(self.folder, exist_ok=True)
        if not os.path.exists(f"{self.tree}/etc/debian_version"):
            print("making the server tree with mmdebstrap (once) …", flush=True)
            sh(f"mmdebstrap --variant=important --include={PACKAGES} bookworm {self.folder}/server.tar "
               f"http://deb.debian.org/debian >{self.folder}/mmdebstrap.log 2>&1")
            os.makedirs(self.tree)
            # Without device nodes, which ostree refuses.
            sh(f"tar -xpf {self.folder}/server.tar -C {self.tree} --xattrs --xattrs-include='*' --numeric-owner --exclude='./dev/*'")
            os.unlink(f"{self.folder}/server.tar")
        self.size = sum(os.lstat(os.path.join(d, f)).st_size for d, _, names in os.walk(self.tree) for f in names
                        if not os.path.islink(os.path.join(d, f)))
        count = sum(len(names) for _, _, names in os.walk(self.tree))
        print(f"server tree: {count} names, {self.size / 1e6:.0f} MB; {os.cpu_count()} processors; medians of {self.runs} runs\n")

    def prepare_changed(self):
        """A copy of the tree in which one file in a hundred has other contents."""
        if not os.path.exists(f"{self.folder}/changed.ok"):
            fresh(self.changed)
            sh(f"cp -a {self.tree} {self.changed}")
            random.seed(1)
            files = sorted(os.path.join(d, f) for d, _, names in os.walk(self.changed) for f in names
                           if os.path.isfile(os.path.join(d, f)) and not os.path.islink(os.path.join(d, f)))
            for path in random.sample(files, len(files) // 100):
                data = bytearray(open(path, "rb").read()) or bytearray(b"\n")
                data[random.randrange(len(data))] ^= 0x55
                with open(path + ".new", "wb") as out:
                    out.write(data)
                shutil.copystat(path, path + ".new")
                os.replace(path + ".new", path)
            open(f"{self.folder}/changed.ok", "w").close()

    def new_ostree(self):
        fresh(self.ostree)
        sh(f"ostree --repo={self.ostree} init --mode=bare-user")

    def commit(self, tree, branch="server"):
        return run("ostree", f"--repo={self.ostree}", "commit", "-b", branch, f"--tree=dir={tree}")

    def imports(self):
        first = compare("first import / ostree commit (bare-user)", 0.4, lambda: self.ingot("import", "server", self.tree),
                        lambda: self.commit(self.tree), max(3, self.runs // 2),
                        before=lambda: fresh(self.home), before_theirs=self.new_ostree)
        store = sum(os.path.getsize(os.path.join(d, f)) for d, _, names in os.walk(self.home) for f in names)
        report("store size / size of the tree", store / self.size, 0.45, f"{store / 1e6:.0f} MB of {self.size / 1e6:.0f} MB")
        report("peak memory of the first import, MB", max(r.memory for r in first), 256, "")
        again = compare("unchanged import / ostree commit again", 0.2, lambda: self.ingot("import", "server", self.tree),
                        lambda: self.commit(self.tree), self.runs)
        report("peak memory of the unchanged import, MB", max(r.memory for r in again), 256, "")

    def both_versions(self):
        self.prepare_changed()
        fresh(self.home)
        self.new_ostree()
        for tree, branch in ((self.tree, "server"), (self.changed, "changed")):
            self.ingot("import", "server", tree)
            self.commit(tree, branch)
        return "server/1.0.0", "server/1.0.1"

    def diffs(self):
        a, b = self.both_versions()
        compare("diff of two versions, 1 % changed / ostree diff", 0.05, lambda: self.ingot("diff", a, b),
                lambda: run("ostree", f"--repo={self.ostree}", "diff", "server", "changed"), self.runs)
        repo = f"{self.folder}/git"
        if not os.path.exists(repo + "/ok"):
            fresh(repo)
            sh(f"git init -q --bare {repo}")
            for tree, tag in ((self.tree, "a"), (self.changed, "b")):
                sh(f"GIT_INDEX_FILE={self.folder}/index git --git-dir={repo} --work-tree={tree} add -f -A . 2>/dev/null; "
                   f"t=$(GIT_INDEX_FILE={self.folder}/index git --git-dir={repo} write-tree) && git --git-dir={repo} tag {tag} $t")
            sh(f"git --git-dir={repo} repack -q -a -d")
            open(repo + "/ok", "w").close()
        compare("diff of two versions, 1 % changed / git diff-tree", 1.0, lambda: self.ingot("diff", a, b),
                lambda: run("git", f"--git-dir={repo}", "diff-tree", "-r", "--name-status", "a", "b"), self.runs * 3)

    def copies(self):
        a, b = self.both_versions()
        self.ingot("copy", a, "--to", "us-west-2")
        remote = f"{self.folder}/remote"
        fresh(remote)
        sh(f"ostree --repo={remote} init --mode=bare-user && ostree --repo={remote} pull-local {self.ostree} server >/dev/null")
        saved, saved_remote = self.home + ".saved", remote + ".saved"
        for source, target in ((self.home, saved), (remote, saved_remote)):
            fresh(target)
            sh(f"cp -a {source} {target}")

        def restore():
            fresh(self.home)
            sh(f"cp -a --reflink=auto {saved} {self.home}")

        def restore_remote():
            fresh(remote)
            sh(f"cp -a --reflink=auto {saved_remote} {remote}")

        compare("copy after a 1 % change / ostree pull-local", 1.0, lambda: self.ingot("copy", b, "--to", "us-west-2"),
                lambda: run("ostree", f"--repo={remote}", "pull-local", self.ostree, "changed"), max(3, self.runs // 2),
                before=restore, before_theirs=restore_remote)
        moved = self.stored("us-west-2") - self.stored("us-west-2", saved)
        changed = 0
        for folder, _, names in os.walk(self.changed):
            for name in names:
                path = os.path.join(folder, name)
                other = self.tree + path[len(self.changed):]
                if not os.path.islink(path) and os.path.isfile(path) and open(path, "rb").read() != open(other, "rb").read():
                    changed += len(subprocess.run(["zstd", "-1", "-c", path], capture_output=True).stdout)
        report("bytes moved / compressed bytes of the changed files", moved / changed, 1.1,
               f"{moved / 1e6:.2f} MB of {changed / 1e6:.2f} MB, catalogue and index included")
        fresh(saved), fresh(saved_remote)

    def stored(self, region, home=None):
        folder = f"{home or self.home}/regions/{region}/store/plain/packs"
        return sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder))

    def builds(self):
        """Six steps that write a file each, all cached."""
        work = f"{self.folder}/steps"
        fresh(work)
        os.makedirs(f"{work}/recipes"), os.makedirs(f"{work}/pipelines"), os.makedirs(f"{work}/context")
        stages, lines = "", "FROM scratch\n"
        for step in range(6):
            text = f"step {step}"
            stages += f"  - files: [{{write: {{path: /step-{step}, text: '{text}'}}}}]\n"
            open(f"{work}/context/step-{step}", "w").write(text)
            lines += f"COPY step-{step} /step-{step}\n"
        open(f"{work}/recipes/steps.yaml", "w").write(
            f"name: steps\nversion: 1.0.x\nparentImage: scratch\nstages:\n{stages}")
        open(f"{work}/pipelines/steps.yaml", "w").write("name: steps\nrecipe: steps\nregion: us-east-1\n")
        open(f"{work}/context/Containerfile", "w").write(lines)
        fresh(self.home)
        compare("fully cached build of six steps / buildah build --layers", 0.05,
                lambda: self.ingot("build", f"{work}/pipelines/steps.yaml"),
                lambda: run("buildah", "--storage-driver=vfs", f"--root={self.folder}/buildah", "build", "--layers", "-q", "-t", "steps",
                            f"{work}/context"), self.runs)

    def sandbox(self):
        """Programs in images: sandbox.py."""
        Sandbox(self.folder, self.tree, self.runs).measure()

    def semantic(self):
        """What differs by meaning: semantic.py."""
        self.prepare_changed()
        Semantic(self.folder, self.tree, self.changed, self.runs).measure()

    def secrets(self):
        """The scanner for credentials: secrets_scan.py."""
        self.prepare_changed()
        Secrets(self.folder, self.tree, self.changed, self.size, self.runs).measure()

    def packages(self):
        """Packages and what is known about them: packages.py."""
        Packages(self.folder, self.tree, self.runs).measure()

    def api(self):
        """The endpoint for AWS clients: api.py."""
        API(self.folder, self.runs).measure()


    def audit(self):
        """A profile of 286 rules, and one of 400: the same rules and 114 more of their kinds under other names."""
        fresh(self.home)
        self.ingot("import", "server", self.tree)
        profiles = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "recipes", "profiles")
        work = f"{self.folder}/profiles"
        fresh(work)
        shutil.copytree(profiles, work)
        rules = open(f"{profiles}/cis-debian-12-level-1.yaml").read().split("\nrules:\n")[1].split("\n  - id: ")[1:115]
        with open(f"{work}/four-hundred.yaml", "w") as out:
            out.write("name: four-hundred\ntitle: 400 rules\nextends: cis-debian-12-level-2\nrules:\n")
            out.write("".join(f"  - id: again-{rule}\n" for rule in rules))
        command = (INGOT, "audit", "server", "--profile", f"{work}/four-hundred.yaml", "--threshold", "0", "--output", "json", "--home", self.home)
        walls = sorted(run(*command).wall for _ in range(self.runs + 1))
        report("audit of 400 rules on the server image, ms", walls[len(walls) // 2] * 1000, 300, "whole process, median")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="imports,diffs,copies,builds,sandbox,semantic,audit,secrets,packages,api")
    parser.add_argument("--folder", default=os.environ.get("INGOT_BENCH_FOLDER", "/var/tmp/ingot-bench"))
    arguments = parser.parse_args()
    bench = Bench(arguments.folder, arguments.runs)
    if arguments.only != "api":
        bench.prepare()
    for name in arguments.only.split(","):
        getattr(bench, name)()


if __name__ == "__main__":
    main()
