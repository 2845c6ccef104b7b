"""The group `api`: the endpoint against moto_server, both asked by the same client over one connection.

Run by bench.py. The images are written into the catalogue and into moto's memory directly, since making a hundred thousand by requests
would take hours; what is measured are requests.
"""

import json, os, re, signal, sqlite3, subprocess, sys, time

from measure import INGOT, fresh, report

CLIENTS = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "ingot/clients/bin")
HERE = os.path.dirname(os.path.abspath(__file__))


class API:
    def __init__(self, folder, runs):
        self.folder, self.runs = f"{folder}/api", runs
        self.times = {}  # of Ingot, in milliseconds, by number of images

    def measure(self):
        if not os.path.exists(f"{CLIENTS}/moto_server"):
            print("skipped  api: moto is not installed: make bench-setup")
            return
        for count in (10, 1000, 10_000):
            self.compare(count)
        self.large(100_000)
        self.growth()
        fresh(self.folder)

    # The two servers

    def ingot(self, count):
        """A workspace with so many images, and its access key."""
        fresh(self.folder)
        os.makedirs(self.folder)
        home = ["--home", f"{self.folder}/home"]
        key = json.loads(subprocess.run([INGOT, "credentials", "create", "--output", "json", *home], check=True, capture_output=True).stdout)
        server, url, _ = self.start(home)
        self.client(url, key, "touch", "-")
        self.stop(server)
        self.fill(f"{self.folder}/home/regions/us-east-1/catalog.db", key["Account"], count)
        return home, key

    def start(self, home):
        began = time.perf_counter()
        server = subprocess.Popen([INGOT, "serve", "--port", "0", "--quiet", *home], stdout=subprocess.PIPE, text=True)
        url = server.stdout.readline().strip()
        return server, url, time.perf_counter() - began

    def stop(self, server):
        server.send_signal(signal.SIGTERM)
        server.wait()

    def fill(self, path, owner, count):
        db = sqlite3.connect(path)
        now = int(time.time())
        root = bytes(32)
        for n in range(count):
            image, snapshot = f"ami-0{n:016x}", f"snap-0{n:016x}"
            db.execute("INSERT INTO images (id, token, name, description, state, root, logical_size, architecture, created, owner, root_device) "
                       "VALUES (?, ?, ?, 'a test image', 'available', ?, 1000, 'x86_64', ?, ?, '/dev/xvda')", (image, f"t{n}", f"image-{n}", root, now, owner))
            db.execute("INSERT INTO snapshots (id, state, description, root, logical_size, progress, started, completed, owner, volume_size, encrypted) "
                       "VALUES (?, 'completed', '', ?, 1000, 100, ?, ?, ?, 8, 0)", (snapshot, root, now, now, owner))
            db.execute("INSERT INTO volumes VALUES (?, 0, '/dev/xvda', ?, 8, 'gp3', 0, NULL, NULL, 1, NULL)", (image, snapshot))
            db.execute("INSERT INTO tags VALUES (?, 'Team', ?)", (image, f"team-{n // 10}"))
        db.commit()
        db.close()

    def moto(self, count):
        server = subprocess.Popen([f"{CLIENTS}/python", f"{HERE}/motofill.py", str(count)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                  env={**os.environ, "MOTO_EC2_LOAD_DEFAULT_AMIS": "false"})
        url, first = server.stdout.readline().split()
        return server, url, first

    def client(self, url, key, what, image, runs=None):
        """Medians in milliseconds of requests by id, by tag and of all own."""
        out = subprocess.run([f"{CLIENTS}/python", f"{HERE}/apiload.py", url, key["AccessKeyId"], key["SecretAccessKey"], what, image, str(runs or self.runs)],
                             check=True, capture_output=True, text=True).stdout
        return json.loads(out)

    # What is measured

    def compare(self, count):
        home, key = self.ingot(count)
        server, url, _ = self.start(home)
        ours = self.times[count] = self.client(url, key, "all", "ami-0" + "0" * 16)
        if count == 10_000:
            self.load(url, key)
        self.stop(server)
        # Up to ten thousand: a list of those takes moto many seconds.
        server, url, first = self.moto(count)
        theirs = self.client(url, {"AccessKeyId": "AKIATEST", "SecretAccessKey": "test"}, "all", first, 3)
        server.terminate()
        server.wait()
        for what, goal in (("by id", 1 / 20), ("by tag", 1), ("all own", 1 / 50 if count >= 10_000 else 1)):
            report(f"DescribeImages {what}, {count} images, against moto", ours[what] / theirs[what], goal,
                   f"{ours[what]:.2f} ms against {theirs[what]:.2f} ms")

    def large(self, count):
        home, key = self.ingot(count)
        server, url, started = self.start(home)
        ours = self.times[count] = self.client(url, key, "all", "ami-0" + "0" * 16)
        for what in ("by id", "by tag", "all own"):
            print(f"      DescribeImages {what}, {count} images: {ours[what]:.2f} ms")
        report(f"start of the server with {count} images, seconds", started, 0.1, f"{started * 1000:.0f} ms")
        memory = int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{server.pid}/status").read())[1]) / 1024
        report("most memory of the server, MB", memory, 200, f"{memory:.0f} MB, after all images were listed")
        self.stop(server)

    def growth(self):
        """What is found by an index takes as long however many images there are. Some tenths of a millisecond are the client's own."""
        few, many = min(self.times), max(self.times)
        for what in ("by id", "by tag"):
            a, b = self.times[few][what], self.times[many][what]
            report(f"DescribeImages {what}, {many} images against {few}", b / a, 1.5, f"{b:.2f} ms against {a:.2f} ms")

    def load(self, url, key):
        """64 connections that ask by id, by wrk on the same processors."""
        script = f"{self.folder}/load.lua"
        self.client(url, key, script, "ami-0" + "0" * 16)
        out = subprocess.run(["wrk", "-t1", "-c64", "-d10s", "--latency", "-s", script, url], check=True, capture_output=True, text=True).stdout
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])
        p99, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", out).groups()
        p99 = float(p99) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
        errors = re.search(r"Non-2xx.*", out)
        report("DescribeImages by id, 10000 images, 64 connections: 10000 a second", 10_000 / rate, 1, f"{rate:.0f} a second {errors[0] if errors else ''}")
        report("… 99 of 100 answers within, milliseconds", p99, 20, f"{p99:.1f} ms")
