"""The group `sandbox`: programs in the server tree, against bubblewrap alone, mke2fs and buildah.

Run by bench.py. Times of single steps are differences of whole processes, so that what every command costs drops out.
"""

import itertools, os, statistics, subprocess

from measure import INGOT, fresh, compare, report, run, sh

# The namespaces that Ingot's steps have, with no seccomp filter, no overlay and no image: the least that an isolated process costs.
BUBBLEWRAP = ("bwrap --unshare-user --unshare-pid --unshare-ipc --unshare-uts --unshare-cgroup-try --unshare-net --new-session "
              "--die-with-parent --proc /proc --dev /dev --tmpfs /sys --tmpfs /run --clearenv --bind").split()
# What differs between two runs is written into the documents, so that each is new to every cache.
serial = itertools.count(int.from_bytes(os.urandom(4), "big"))


class Sandbox:
    def __init__(self, folder, tree, runs):
        self.tree, self.runs = tree, runs
        self.work = f"{folder}/sandbox"
        self.home = f"{self.work}/home"
        self.file = f"{self.work}/file.img"

    def measure(self):
        """The server tree is imported once; its mountable file is made by the first command that runs a program."""
        fresh(self.work)
        os.makedirs(f"{self.work}/recipes/components"), os.makedirs(f"{self.work}/pipelines"), os.makedirs(f"{self.work}/context")
        self.ingot("import", "server", self.tree)
        self.first_image()
        self.step()
        self.file_actions()
        self.recipe()
        fresh(self.work)

    def ingot(self, *arguments):
        return run(INGOT, *arguments, "--home", self.home)

    # A step

    def step(self):
        """The time of one more trivial step, and of one run of bubblewrap on the unpacked tree."""
        one, many = self.document("one", self.trivial(1)), self.document("many", self.trivial(21))
        bare = BUBBLEWRAP + [self.tree, "/", "--", "/bin/bash", "-c", "true"]
        ours, theirs = [], []
        for round in range(self.runs + 1):
            first, last = self.component(one), self.component(many)
            alone = [run(*bare).wall for _ in range(20)]
            if round > 0:
                ours.append((last.wall - first.wall) / 20)
                theirs.append(statistics.mean(alone))
        mine, other = statistics.median(ours), statistics.median(theirs)
        report("a trivial ExecuteBash step over bare bubblewrap, ms", (mine - other) * 1000, 60,
               f"{mine * 1000:.1f} ms against {other * 1000:.1f} ms, {mine / other:.2f} times")

    def trivial(self, count):
        return [("ExecuteBash", "{commands: ['true']}")] * count

    # The mountable file

    def first_image(self):
        """A shell that does nothing, with the mountable file still to be made and with it there, against mke2fs."""
        shell = lambda: run(INGOT, "shell", "server", "--home", self.home, "--", "true")
        ours, ready, theirs = [], [], []
        for round in range(max(3, self.runs // 2) + 1):
            fresh(f"{self.home}/cache/images")
            times = shell().wall, shell().wall, self.mke2fs().wall
            if round > 0:
                for list, time in zip((ours, ready, theirs), times):
                    list.append(time)
        made, there, other = map(statistics.median, (ours, ready, theirs))
        report("first mountable file of the tree / mke2fs -d", (made - there) / other, 1.2,
               f"{(made - there) * 1000:.0f} ms against {other * 1000:.0f} ms; a shell on a mounted tree {there * 1000:.0f} ms")
        os.unlink(self.file)

    def mke2fs(self):
        if os.path.exists(self.file):
            os.unlink(self.file)
        return run("mke2fs", "-q", "-t", "ext4", "-d", self.tree, self.file, "2G")

    # File actions

    def file_actions(self):
        one, many = self.document("one-file", self.files(1)), self.document("many-files", self.files(201))
        times = []
        for round in range(self.runs * 2 + 1):
            first, last = self.component(one), self.component(many)
            if round > 0:
                times.append(last.wall - first.wall)
        report("200 file actions, ms", statistics.median(times) * 1000, 50, f"whole command with one: {first.wall * 1000:.0f} ms")

    def files(self, count):
        """A folder, then files in it that are created, appended to, given permissions and copied, in turn."""
        actions = [("CreateFolder", "[{path: /opt/bench}]")]
        for number in range(count - 1):
            path = f"/opt/bench/file-{number // 4}"
            actions.append([
                ("CreateFile", f"[{{path: {path}, content: 'number {number}', overwrite: true}}]"),
                ("AppendFile", f"[{{path: {path}, content: 'and more'}}]"),
                ("SetFilePermissions", f"[{{path: {path}, permissions: 0640}}]"),
                ("CopyFile", f"[{{source: {path}, destination: {path}-copy}}]"),
            ][number % 4])
        return actions

    # Recipes

    def recipe(self):
        """Eight steps that each write a file and run a program."""
        self.import_into_buildah()
        open(f"{self.work}/recipes/eight.yaml", "w").write(
            "name: eight\nversion: 1.0.x\nparentImage: server\nstages:\n  - component: {use: eight}\n")
        open(f"{self.work}/pipelines/eight.yaml", "w").write("name: eight\nrecipe: eight\nregion: us-east-1\n")
        # buildah copies the whole base for every container and every image that it makes: few runs, after one of ours alone.
        few = max(2, self.runs // 2)
        self.steps(edited=0), self.build()
        compare("eight steps, cold / buildah build", 0.5, self.build, self.buildah_build, few,
                before=lambda: self.steps(edited=0), before_theirs=self.remove_built, warmup=0)
        # The first seven as an image of their own: what buildah's cache of layers would leave of an edited last step.
        self.containerfile("server", range(7)), self.buildah_build("seven")
        compare("eight steps, the last edited / buildah build of the last", 1 / 3, self.build, self.buildah_build, few,
                before=self.edit_last, before_theirs=self.only_last, warmup=0)

    def edit_last(self):
        """The first edit after a build, every time: later ones find the mountable file that it made."""
        self.steps(edited=0), self.build(), self.steps(edited=7)

    def only_last(self):
        self.remove_built(), self.containerfile("seven", [7])

    def steps(self, edited):
        """Writes the component and the Containerfile anew; all steps from `edited` on are others than before."""
        number = next(serial)
        if edited == 0:
            self.texts = [f"{number}.{step}" for step in range(8)]
        for step in range(edited, 8):
            self.texts[step] = f"{number}.{step}"
        self.document("eight", [("ExecuteBash", f"{{commands: ['{self.command(step)}']}}") for step in range(8)])
        self.containerfile("server", range(8))

    def containerfile(self, base, steps):
        with open(f"{self.work}/Containerfile", "w") as out:
            out.write(f"FROM localhost/{base}\n" + "".join(f"RUN {self.command(step)}\n" for step in steps))

    def command(self, step):
        return f"echo {self.texts[step]} > /opt/step-{step}; grep -c . /etc/passwd"

    def build(self):
        return self.ingot("build", f"{self.work}/pipelines/eight.yaml")

    @property
    def buildah_root(self):
        return f"{self.work}/buildah"

    def buildah(self, *arguments):
        return run("buildah", "--storage-driver=vfs", f"--root={self.buildah_root}", *arguments)

    def import_into_buildah(self):
        sh(f"cd {self.work} && b='buildah --storage-driver=vfs --root={self.buildah_root}' && c=$($b from scratch) && "
           f"cp -a {self.tree}/. $($b mount $c) && $b commit -q $c localhost/server >/dev/null && $b rm $c >/dev/null")

    def buildah_build(self, name="eight"):
        """Without layers, which is buildah's default and copies the base least often."""
        return self.buildah("build", "-q", "--isolation=chroot", "-t", name, "-f", f"{self.work}/Containerfile",
                            f"{self.work}/context")

    def remove_built(self):
        subprocess.run(["buildah", "--storage-driver=vfs", f"--root={self.buildah_root}", "rmi", "-f", "localhost/eight"],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    # Documents

    def component(self, document):
        return self.ingot("component", "run", document, "--image", "server")

    def document(self, name, steps):
        """Writes a component document whose phase `build` has these steps, each an action and its inputs."""
        path = f"{self.work}/recipes/components/{name}.yaml"
        with open(path, "w") as out:
            out.write(f"name: {name}\nschemaVersion: 1.0\nphases:\n  - name: build\n    steps:\n")
            for number, (action, inputs) in enumerate(steps):
                out.write(f"      - {{name: Step{number}, action: {action}, inputs: {inputs}}}\n")
        return path
