#!/usr/bin/env python3
"""Which functions short commands call, for the linker: those that are used together then lie together, and fewer pages are read at a start.

    function_order.py INGOT ORDER

INGOT is a release program with its symbols (`make order` builds one); ORDER is the file to write. Needs valgrind and binutils. Names that
a later program no longer has do no harm: the linker passes over them.
"""
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


def main(ingot, order):
    with tempfile.TemporaryDirectory() as scratch:
        # valgrind reads a table of symbols faster than what debuggers need, and not all of that.
        program, home, tree = (os.path.join(scratch, name) for name in ("ingot", "home", "tree"))
        subprocess.run(["objcopy", "-g", ingot, program], check=True)
        for changed in (False, True):
            fill(tree, changed)
            subprocess.run([ingot, "import", "server", tree, "--home", home], stdout=subprocess.DEVNULL, check=True)
        places = {}
        for line in subprocess.run(["nm", program], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines():
            part = line.split()
            if len(part) == 3 and part[1] in "tTwW":
                places[part[2]] = int(part[0], 16)
        sets = []
        for command in COMMANDS:
            print("asking", *command, flush=True)
            sets.append(called(program, home, command, scratch))
    # What all commands call comes first, then what each calls; within these the order of the program.
    done, ordered = set(), []
    for names in [set.intersection(*sets), *sets]:
        wanted = sorted((name for name in names if name in places and name not in done), key=places.__getitem__)
        done.update(wanted)
        ordered += wanted
    with open(order, "w") as out:
        out.writelines(name + "\n" for name in ordered)
    print(f"{len(ordered)} functions in {order}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
