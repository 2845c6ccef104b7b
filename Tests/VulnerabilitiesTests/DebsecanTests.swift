import Guest
import ImageStore
import Model
import Platform
import TestSupport
import Testing
import Vulnerabilities

@Suite struct DebsecanTests {
    /// Writes a database and a status file of 150 packages, and what debsecan itself makes of them.
    private static let script = """
        import random, zlib
        random.seed(9)
        def version(): return '%d.%d-%d' % (random.randint(0, 3), random.randint(0, 9), random.randint(1, 4))
        names = ['CVE-2025-%04d' % n for n in range(400)]
        sources = ['src%d' % n for n in range(60)]
        binaries = {s: ['%s-bin%d' % (s, n) for n in range(random.randint(1, 4))] for s in sources}
        lines = ['VERSION 1'] + ['%s,,text of %s' % (n, n) for n in names] + ['']
        for n in range(len(names)):
            source = random.choice(sources)
            # debsecan looks at entries of binary packages only where their source has none.
            kind = 'B' if int(source[3:]) % 4 == 0 else 'S'
            package = source if kind == 'S' else random.choice(binaries[source])
            flags = kind + random.choice(' LMH') + random.choice('?R ') + random.choice(' F')
            others = ' '.join(sorted({version() for _ in range(random.randint(0, 3))})) if kind == 'S' else ''
            lines.append('%s,%d,%s,%s,%s' % (package, n, flags, random.choice([version(), version(), '']), others))
        lines += [''] + ['%s,%s' % (s, ' '.join(binaries[s])) for s in sources] + ['', '']
        open('bookworm', 'wb').write(zlib.compress('\\n'.join(lines).encode()))
        with open('status', 'w') as status:
            for s in sources:
                v = version()
                for b in binaries[s]:
                    own = v if random.random() < 0.7 else version()
                    source = 'Source: %s\\n' % s if own == v else 'Source: %s (%s)\\n' % (s, v)
                    status.write('Package: %s\\nStatus: install ok installed\\nArchitecture: amd64\\n%sVersion: %s\\n\\n' % (b, source, own))
        """

    @Test(
        "pairs of vulnerability and package are those of debsecan",
        .enabled(if: Shell.has("debsecan") && Shell.has("python3"), "needs debsecan and python3: apt-get install debsecan"))
    func oracle() throws {
        try withTemporaryFolder { folder in
            try Files.writeDurably("\(folder)/make.py", Array(Self.script.utf8))
            let output = try Shell.run(
                "python3 make.py; debsecan --suite bookworm --source file://$PWD --status status --format simple", in: folder)
            let expected = output.split(separator: "\n").map(String.init).sorted()
            #expect(expected.count > 100)
            let status = String(decoding: try Files.read("\(folder)/status"), as: UTF8.self)
            let view = try tree(
                ["/var/lib/dpkg/status": status, "/etc/os-release": "ID=debian\nVERSION_CODENAME=bookworm\n"])
            let assessment = try Assessment(of: view, by: .init(feeds: [FeedFile("\(folder)/bookworm")]), at: .epoch)
            #expect(assessment.pairs == expected)
            #expect(assessment.feeds.map(\.format) == [.debsecan])
        }
    }
}
