#!/usr/bin/env python3
"""Which functions and variables short commands use, for the linker: those then lie together, and fewer pages are touched at a start.

    symbol_order.py INGOT ORDER

INGOT is a release program with its symbols (`make order` builds one); ORDER is the file to write. Needs valgrind and binutils. Names that
a later program no longer has do no harm: the linker passes over them.
"""
import bisect
import os
import re
import subprocess
import sys
import tempfile

COMMANDS = [
    ["version"], ["diff", "server/1.0.0", "server/1.0.1"], ["images"], ["show", "server/1.0.1"], ["ls", "server/1.0.0", "/"],
    ["blame", "server/1.0.1", "/etc/folder1/file1"], ["cat", "server/1.0.1", "/etc/folder1/file1"], ["channels"],
]


def fill(folder, changed):
    """Large and small folders; of each a file is changed."""
    for number in range(120):
        inner = os.path.join(folder, "etc", f"folder{number}")
        os.makedirs(inner, exist_ok=True)
        for file in range(64 if number % 4 == 0 else 8):
            with open(os.path.join(inner, f"file{file}"), "w") as out:
                out.write(f"{number} {file}{' changed' if changed and file == 1 else ''}\n" * (1 + file))


def called(program, home, command, scratch):
    profile = os.path.join(scratch, "profile")
    at_home = [] if command == ["version"] else ["--home", home]
    subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}", program, *command, *at_home],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    names = set()
    for line in open(profile, errors="replace"):
        match = re.match(r"c?fn=\(\d+\) (.+)$", line)
        # A function that calls itself has a number behind its name.
        if match:
            names.add(re.sub(r"('\d+)+$", "", match[1].strip()))
    return names


class Symbols:
    """What a program has of some types, by `nm`."""

    def __init__(self, program, types):
        lines = subprocess.run(["nm", program], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
        parts = [line.split() for line in lines]
        self.places = {part[2]: int(part[0], 16) for part in parts if len(part) == 3 and part[1] in types}
        self.sorted = sorted((place, name) for name, place in self.places.items())

    def at(self, place):
        index = bisect.bisect_right(self.sorted, (place, chr(0x10FFFF))) - 1
        return self.sorted[index][1] if index >= 0 else None

    def range(self):
        return self.sorted[0][0], self.sorted[-1][0] + 4096


def touched(program, home, command, variables):
    """The variables without a first value: each page of them that is touched is a new one. A trace of all accesses takes a minute."""
    read, write = os.pipe()
    at_home = [] if command == ["version"] else ["--home", home]
    process = subprocess.Popen(
        ["valgrind", "--tool=lackey", "--trace-mem=yes", f"--log-fd={write}", program, *command, *at_home],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=[write])
    os.close(write)
    low, high = variables.range()
    names = set()
    with open(read, "rb") as trace:
        for line in trace:
            # ` L 031bb010,8`, with S for a store and M for both.
            if line[:2] in (b" L", b" S", b" M"):
                place = int(line[3:].split(b",")[0], 16)
                if low <= place < high:
                    names.add(variables.at(place))
    if process.wait() != 0:
        sys.exit(f"valgrind failed on {command}")
    return names - {None}


def shared_first(sets, places):
    """What all have comes first, then what each has; within these the order of the program."""
    done, ordered = set(), []
    for names in [set.intersection(*sets), *sets]:
        wanted = sorted((name for name in names if name in places and name not in done), key=places.__getitem__)
        done.update(wanted)
        ordered += wanted
    return ordered


def main(ingot, order):
    with tempfile.TemporaryDirectory() as scratch:
        # valgrind reads a table of symbols faster than what debuggers need, and not all of that.
        program, home, tree = (os.path.join(scratch, name) for name in ("ingot", "home", "tree"))
        subprocess.run(["objcopy", "-g", ingot, program], check=True)
        for changed in (False, True):
            fill(tree, changed)
            subprocess.run([ingot, "import", "server", tree, "--home", home], stdout=subprocess.DEVNULL, check=True)
        functions, variables = Symbols(program, "tTwW"), Symbols(program, "bB")
        called_by, touched_by = [], []
        for command in COMMANDS:
            print("asking", *command, flush=True)
            called_by.append(called(program, home, command, scratch))
            touched_by.append(touched(program, home, command, variables))
    ordered = shared_first(called_by, functions.places) + shared_first(touched_by, variables.places)
    with open(order, "w") as out:
        out.writelines(name + "\n" for name in ordered)
    print(f"{len(ordered)} symbols in {order}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
