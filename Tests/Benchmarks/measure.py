"""What all benchmarks share: running commands, comparing two of them, and saying how it went."""

import os, shutil, statistics, subprocess, sys, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
INGOT = os.path.join(ROOT, ".build/release/ingot")


class Run:
    def __init__(self, wall, cpu, memory):
        self.wall, self.cpu, self.memory = wall, cpu, memory


def run(*command, cwd=None):
    """Runs a command to its end and gives wall and processor seconds, and the peak memory in MB."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{errors.decode(errors='replace')}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def compare(title, limit, ours, theirs, runs, before=lambda: None, before_theirs=None, warmup=1):
    """Both commands in turn; `before…` puts back the state that a command starts from, unmeasured."""
    a, b = [], []
    for round in range(runs + warmup):
        before()
        one = ours()
        (before_theirs or before)()
        two = theirs()
        if round >= warmup:
            a.append(one)
            b.append(two)
    mine, other = statistics.median(r.wall for r in a), statistics.median(r.wall for r in b)
    report(title, mine / other, limit,
           f"{mine * 1000:.1f} ms against {other * 1000:.1f} ms; processor {statistics.median(r.cpu for r in a) * 1000:.0f} ms "
           f"against {statistics.median(r.cpu for r in b) * 1000:.0f} ms; peak {max(r.memory for r in a):.0f} MB")
    return a


def report(title, value, limit, detail):
    verdict = "ok  " if value <= limit else "OVER"
    print(f"{verdict}  {title:<58} {value:7.3f}  (goal {limit:g})  {detail}", flush=True)


def sh(command, **more):
    subprocess.run(command, shell=True, check=True, **more)


def fresh(path):
    shutil.rmtree(path, ignore_errors=True)
