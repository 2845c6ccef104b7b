import Guest
import ImageStore
import Model
import Platform
import Stages
import TestSupport
import Testing

/// Trees to scrub, and the shipped profile.
struct ScrubFixture {
    let objects = MemoryObjects()
    let editor: TreeEditor

    static let key = Array("key of the test".utf8)

    /// The repository's root, from where this file lies.
    static let repository = Files.parent(of: Files.parent(of: Files.parent(of: Files.parent(of: #filePath))))

    static func profile() throws -> ScrubProfile { try read.get() }

    private static let read = Result {
        let file = repository + "/recipes/profiles/scrub-standard.yaml"
        return try ScrubProfileReader.decode(try Files.read(file), file: file)
    }

    /// A small Debian with accounts, sshd and systemd in which a scrub finds nothing.
    init() throws {
        editor = try TreeEditor(root: nil, in: objects)
        for (path, text) in Self.clean { try write(path, text) }
        try write("/etc/shadow", "root:*:19800:0:99999:7:::\nalice:!:19800:0:99999:7:::\npostgres:!:19800::::::\n", mode: 0o640)
        try write("/etc/machine-id", "", mode: 0o444)
        try link("/var/run", "/run")
        try link("/etc/resolv.conf", "../run/systemd/resolve/stub-resolv.conf")
        try link("/var/lib/dbus/machine-id", "/etc/machine-id")
        for folder in ["/run", "/root", "/home/alice", "/var/lib/postgresql"] {
            try editor.makeDirectory(TreePath(parsing: folder))
        }
    }

    private static let clean: [(String, String)] = [
        ("/etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n"),
        (
            "/etc/passwd",
            """
            root:x:0:0:root:/root:/bin/bash
            daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
            alice:x:1000:1000:Alice:/home/alice:/bin/bash
            postgres:x:105:110::/var/lib/postgresql:/bin/bash

            """
        ),
        ("/etc/group", "root:x:0:\nalice:x:1000:\n"),
        ("/etc/gshadow", "root:*::\nalice:!::\n"),
        ("/etc/hosts", "127.0.0.1 localhost\n::1 localhost ip6-localhost\n"),
        ("/etc/hostname", ""),
        ("/etc/ssh/sshd_config", "PermitRootLogin no\nAuthorizedKeysFile .ssh/authorized_keys /etc/ssh/keys/%u\n"),
        ("/etc/ssh/moduli", "# moduli\n"),
        ("/usr/sbin/sshd", "ELF"),
        ("/usr/bin/ssh-keygen", "ELF"),
        ("/usr/bin/cloud-init", "#!/usr/bin/python3\n"),
        ("/usr/bin/dbus-daemon", "ELF"),
        ("/usr/lib/systemd/systemd", "ELF"),
        ("/usr/lib/systemd/systemd-resolved", "ELF"),
        ("/home/alice/.bashrc", "alias ll='ls -l'\n"),
        ("/home/alice/core/main.c", "int main(void) { return 0; }\n"),
        ("/home/alice/.gitconfig", "[user]\n  name = Alice\n"),
        ("/root/.profile", "umask 022\n"),
    ]

    func write(_ path: String, _ text: String, mode: UInt16 = 0o644, uid: UInt32 = 0) throws {
        try write(try TreePath(parsing: path), Array(text.utf8), mode: mode, uid: uid)
    }

    func write(_ path: TreePath, _ bytes: [UInt8], mode: UInt16 = 0o644, uid: UInt32 = 0) throws {
        try editor.makeDirectory(path.parent)
        try editor.write(bytes, to: path, metadata: Metadata(mode: mode, uid: uid, gid: uid, modified: 7))
    }

    func link(_ path: String, _ target: String) throws {
        let path = try TreePath(parsing: path)
        try editor.makeDirectory(path.parent)
        try editor.put(Node(Metadata(mode: 0o777), .symlink(target: Array(target.utf8))), at: path)
    }

    func hardLink(_ path: String, to file: String) throws {
        let path = try TreePath(parsing: path)
        let file = try TreePath(parsing: file)
        try editor.makeDirectory(path.parent)
        let metadata = try #require(try editor.node(at: file)).metadata
        try editor.put(Node(metadata, .hardLink(file)), at: path)
    }

    func text(_ path: String) throws -> String? { try editor.text(try TreePath(parsing: path)) }

    func has(_ path: String) throws -> Bool { try editor.node(at: try TreePath(parsing: path)) != nil }

    @discardableResult
    func scrub(_ options: ScrubOptions = ScrubOptions()) throws -> ScrubReport {
        try Scrubber(try Self.profile(), options, evidenceKey: Self.key).run(on: editor)
    }

    func findings(_ options: ScrubOptions = ScrubOptions()) throws -> [ScrubFinding] {
        try ScrubVerifier(try Self.profile(), options).findings(in: editor)
    }
}
