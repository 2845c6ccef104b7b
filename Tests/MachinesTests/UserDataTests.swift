import Archive
import Machines
import Model
import TestSupport
import Testing

@Suite struct `User data` {
    private static func parts(_ text: String) throws -> [UserData.Part] { try UserData(Array(text.utf8)).parts }

    @Test func `is known by its first line`() throws {
        #expect(try Self.parts("#!/bin/sh\nid\n") == [.script(Array("#!/bin/sh\nid\n".utf8))])
        #expect(try Self.parts("#cloud-boothook\nid\n") == [.hook(Array("#cloud-boothook\nid\n".utf8))])
        #expect(try Self.parts("") == [])
        #expect(try Self.parts("#include\nhttp://x/\n") == [.ignored("a part that begins with '#include'")])
        guard case .configuration(let configuration)? = try Self.parts("#cloud-config\nruncmd: [id, [ls, -l, a b]]\n").first
        else {
            Issue.record("no cloud-config")
            return
        }
        #expect(configuration.commands == [.line("id"), .words(["ls", "-l", "a b"])])
    }

    @Test func `in the form of a cloud-config says files, users, packages and what is not carried out`() throws {
        let text = """
            hostname: web
            write_files:
              - {path: /etc/a, content: "one\\n", permissions: '0600', owner: 'admin:admin', append: true}
              - {path: /etc/b, content: dHdv, encoding: b64, defer: true}
              - {path: /etc/c}
            users:
              - default
              - {name: deploy, groups: [adm, sudo], sudo: "ALL=(ALL) NOPASSWD:ALL", ssh_authorized_keys: [ssh-ed25519 AAAA x], uid: 7}
              - plain
            packages: [curl, [nginx, 1.2]]
            apt: {preserve_sources_list: true}

            """
        let read = try CloudConfiguration(Array(text.utf8))
        #expect(read.hostName == "web")
        #expect(read.files.map(\.path) == ["/etc/a", "/etc/b", "/etc/c"])
        #expect(read.files.map { String(decoding: $0.content, as: UTF8.self) } == ["one\n", "two", ""])
        #expect(read.files[0].owner == "admin:admin" && read.files[0].permissions == "0600" && read.files[0].appends)
        #expect(read.files.map(\.isDeferred) == [false, true, false])
        #expect(read.users.map(\.name) == ["deploy", "plain"])
        #expect(read.users[0].groups == ["adm", "sudo"] && read.users[0].sudo == ["ALL=(ALL) NOPASSWD:ALL"])
        #expect(read.users[0].authorizedKeys == ["ssh-ed25519 AAAA x"])
        #expect(read.packages == ["curl", "nginx=1.2"])
        #expect(read.ignored == ["users.uid", "apt"])
    }

    @Test(arguments: [
        "a: [", "- list", "write_files: [{path: relative}]", "write_files: [{path: /a, permissions: '9'}]", "runcmd: id",
        "users: [{name: 'a;b'}]", "users: [{}]", "write_files: [{path: /a, content: '!', encoding: b64}]",
        "packages: [[a, b, c]]",
    ])
    func `with a cloud-config of another form is refused`(text: String) {
        #expect(throws: Failure.self) { try CloudConfiguration(Array(text.utf8)) }
    }

    /// Python's email package writes the message; cloud-init makes them by it too.
    @Test(.enabled(if: Shell.has("python3"), "needs Python: apt-get install python3"))
    func `as a MIME message of Python's has its parts, however they are encoded`() throws {
        let program = """
            import sys
            from email.mime.multipart import MIMEMultipart
            from email.mime.text import MIMEText
            from email.mime.base import MIMEBase
            from email import encoders
            import gzip
            inner = MIMEMultipart()
            inner.attach(MIMEText('#!/bin/sh\\\\necho inner\\\\n', 'x-shellscript'))
            outer = MIMEMultipart()
            outer.attach(MIMEText('#!/bin/sh\\\\necho \\u00e9\\\\n', 'x-shellscript', 'utf-8'))
            outer.attach(MIMEText('runcmd: [id]\\\\n', 'cloud-config'))
            outer.attach(inner)
            part = MIMEBase('text', 'x-shellscript')
            part.set_payload(gzip.compress(b'#!/bin/sh\\\\necho packed\\\\n'))
            encoders.encode_base64(part)
            outer.attach(part)
            outer.attach(MIMEText('http://x/', 'x-include-url'))
            sys.stdout.write(outer.as_string())
            """
        try withTemporaryFolder { folder in
            let text = try Shell.run("python3 -c \"\(program)\"", in: folder)
            let parts = try Self.parts(text)
            func printing(_ text: String) -> UserData.Part { .script(Array("#!/bin/sh\necho \(text)\n".utf8)) }
            #expect(parts.count == 5)
            #expect(parts.first == printing("é"))
            #expect(parts.dropFirst(2).first == printing("inner"))
            #expect(parts.dropFirst(3).first == printing("packed"))
            #expect(parts.last == .ignored("a part of the type text/x-include-url"))
        }
    }

    @Test func `is bounded in size, depth and number`() throws {
        #expect(throws: Failure.self) { try UserData(base64: String(repeating: "A", count: 40_000)) }
        #expect(throws: Failure.self) { try UserData(base64: "***") }
        func head(_ level: Int) -> String { "Content-Type: multipart/mixed; boundary=x\(level)\n\n--x\(level)\n" }
        func nested(_ levels: Int) -> String { (0..<levels).map { head($0) }.joined() + "#!/bin/sh\n" }
        #expect(try Self.parts(nested(4)) == [.script(Array("#!/bin/sh\n".utf8))])
        #expect(throws: Failure.self) { try Self.parts(nested(20)) }
        let many = "Content-Type: multipart/mixed; boundary=x\n\n--x\n" + String(repeating: "\n#!/bin/sh\n\n--x\n", count: 200)
        #expect(throws: Failure.self) { try Self.parts(many) }
    }

    @Test func `cut off anywhere or with bits flipped is read or refused`() {
        let whole = Array(
            """
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="==b=="

            --==b==
            Content-Type: text/cloud-config
            Content-Transfer-Encoding: base64

            cnVuY21kOiBbaWRdCg==
            --==b==
            Content-Type: text/x-shellscript

            #!/bin/sh
            --==b==--

            """.utf8)
        for end in 0...whole.count { _ = try? UserData(Array(whole[..<end])) }
        var random = SeededRandom(5)
        for _ in 0..<2000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &random)
            }
            _ = try? UserData(bytes)
        }
        #expect((try? UserData(whole).parts.count) == 2)
    }
}
