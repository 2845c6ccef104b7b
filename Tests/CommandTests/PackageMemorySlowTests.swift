import Platform
import TestSupport
import Testing

/// What package databases and feeds near their limits cost, in a process of its own.
@Suite struct PackageMemorySlowTests {
    private static let canRun = Killing.isThorough && ["db5.3_load", "python3"].allSatisfy(Shell.has)

    @Test(
        "databases and feeds near their limits take at most 256 MiB, and less than a minute in a debug build",
        .enabled(if: canRun, "needs INGOT_SLOW_TESTS=1, db5.3_load and python3: apt-get install db5.3-util python3"))
    func memory() throws {
        try CommandRunner.inFolder { ingot in
            try ingot.write("make.py", Self.script)
            try ingot.write("measure.py", Self.measure)
            try Shell.run("python3 make.py", in: ingot.folder)
            for image in ["ndb", "bdb", "deb"] {
                let imported = try ingot.run(["import", image, image + ".tar"])
                #expect(imported.status == 0, "\(imported.error)")
            }
            for command in ["inventory ndb", "inventory bdb", "scan packages deb --feed tracker.json"] {
                let said = try Shell.run("python3 measure.py \(CommandRunner.program) \(command)", in: ingot.folder)
                let numbers = said.split(separator: " ").compactMap { Int($0.filter(\.isNumber)) }
                try #require(numbers.count == 3, "\(said)")
                #expect(numbers[0] == 0 && numbers[1] < 60 && numbers[2] <= 256, "\(command): status, seconds, MiB: \(said)")
            }
        }
    }

    /// Prints a command's status, its time in seconds and its greatest memory in MiB.
    private static let measure = """
        import resource, subprocess, sys, time
        began = time.monotonic()
        run = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
        print(run.returncode, int(time.monotonic() - began), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10)
        """

    /// Two databases of rpm of some 90 MB with a million paths, and a tracker of 155 MB for an image of 3000 packages.
    private static let script = #"""
        import os, struct, subprocess, zlib
        def header(name, paths):
            entries, data = [], b''
            def add(tag, kind, count, value, align=1):
                nonlocal data
                data += b'\0' * (-len(data) % align)
                entries.append(struct.pack('>IIII', tag, kind, len(data), count))
                data += value
            for tag, text in ((1000, name), (1001, '1'), (1002, '1'), (1022, 'noarch')): add(tag, 6, 1, text.encode() + b'\0')
            add(1118, 8, 1, b'/usr/share/\0')
            add(1117, 8, paths, b''.join(b'%06d-%s\0' % (n, b'x' * 78) for n in range(paths)))
            add(1116, 4, paths, b'\0\0\0\0' * paths, 4)
            return struct.pack('>II', len(entries), len(data)) + b''.join(entries) + data
        blobs = [header('package%d' % n, 333000) for n in range(3)]
        def tree(name, files):
            for path, text in files.items():
                os.makedirs(os.path.dirname(f'{name}/{path}'), exist_ok=True)
                open(f'{name}/{path}', 'w').write(text)
        amazon = {'etc/os-release': 'ID=amzn\nVERSION_ID="2023"\n', 'var/lib/rpm/x': ''}
        tree('ndb', amazon)
        tree('bdb', amazon)
        page, body = [], b''
        for number, blob in enumerate(blobs, 1):
            part = b'BlbS' + struct.pack('<III', number, 1, len(blob)) + blob
            part += b'\0' * (-(len(part) + 12) % 16)
            part += struct.pack('<II', zlib.adler32(part), len(blob)) + b'BlbE'
            page.append(b'Slot' + struct.pack('<III', number, (4096 + len(body)) // 16, len(part) // 16))
            body += part
        slots = b''.join(page)
        slots += (b'Slot' + b'\0' * 12) * ((4096 - 32 - len(slots)) // 16)
        open('ndb/var/lib/rpm/Packages.db', 'wb').write(b'RpmP' + struct.pack('<IIII', 0, 1, 1, 4) + b'\0' * 12 + slots + body)
        with open('dump', 'w') as out:
            out.write('VERSION=3\nformat=bytevalue\ntype=hash\ndb_pagesize=4096\nHEADER=END\n 00000000\n ' + struct.pack('<I', 3).hex() + '\n')
            for number, blob in enumerate(blobs, 1): out.write(' ' + struct.pack('<I', number).hex() + '\n ' + blob.hex() + '\n')
            out.write('DATA=END\n')
        subprocess.run(['db5.3_load', '-t', 'hash', '-f', 'dump', 'bdb/var/lib/rpm/Packages'], check=True)
        stanza = 'Package: src%d\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n'
        tree('deb', {'etc/os-release': 'ID=debian\nVERSION_ID=12\nVERSION_CODENAME=bookworm\n',
                     'var/lib/dpkg/status': ''.join(stanza % n for n in range(3000))})
        with open('tracker.json', 'w') as out:
            size = number = 0
            while size < 155 << 20:
                row = ('{' if number == 0 else ', ') + '"src%d": {"CVE-2025-%d": {"description": "%s", "releases": {"bookworm": {"status": "open", "urgency": "high"}}}}' % (
                    number, number, 'y' * 150)
                out.write(row)
                size += len(row)
                number += 1
            out.write('}')
        for name in ('ndb', 'bdb', 'deb'): subprocess.run(['tar', 'cf', name + '.tar', '-C', name, '.'], check=True)
        """#
}
