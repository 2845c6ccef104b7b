import Model
import Testing

@Suite struct `Reading a bootstrap stage` {
    private func message(_ options: String) throws -> String {
        try StageFixture.with { fixture in try failure { _ = try fixture.decode("- bootstrap: {\(options)}") }.message }
    }

    @Test(arguments: [
        ("variant: minbase", "has no 'suite'", ""), ("suite: ../x", "is not a suite", "write a code name"),
        ("suite: bookworm, variant: minbse", "'variant' cannot be 'minbse'", "did you mean 'minbase'?"),
        ("suite: bookworm, inclde: [a]", "unknown field 'inclde'", "did you mean 'include'?"),
        ("suite: bookworm, include: ['--hook=x']", "is not a package", "openssh-server"),
        ("suite: bookworm, include: ['ab,cd']", "is not a package", ""),
        ("suite: bookworm, include: [curl=]", "is not a version", ""),
        ("suite: bookworm, mirror: 'file:///srv'", "is not the URL of a mirror", "http://deb.debian.org/debian"),
        ("suite: bookworm, mirror: 'http://a/b/'", "is not the URL of a mirror", "without a slash"),
        ("suite: bookworm, mirror: 'http://a/b [trusted=yes]'", "is not the URL of a mirror", ""),
        ("suite: bookworm, mirror: 'http://u:p@a/b'", "is not the URL of a mirror", ""),
        ("suite: bookworm, components: ['main contrib']", "is not a component", "non-free-firmware"),
    ])
    func `a mistake is told with a hint`(options: String, message expected: String, hint: String) throws {
        let message = try message(options)
        #expect(message.contains(expected))
        #expect(message.contains(hint))
    }

    @Test func `names, versions and mirrors as Debian has them are taken`() throws {
        try StageFixture.with { fixture in
            _ = try fixture.decode(
                "- bootstrap: {suite: bookworm, include: [g++, libc6, 'curl=1:7.88.1-10+deb12u12~x'], "
                    + "mirror: 'https://mirror.example:8080/debian', components: [main, non-free-firmware], updates: false}")
        }
    }
}
