import Crypto
import Evidence
import Model
import Platform
import TestSupport
import Testing

@Suite struct KeyRingTests {
    private func with(_ body: (KeyRing, String, TestEnvironment) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let test = TestEnvironment()
            try body(KeyRing(folder: folder + "/keys", environment: test.environment), folder + "/keys", test)
        }
    }

    @Test("the first use makes a key, later ones find it, and only the owner can read it")
    func firstUse() throws {
        try with { keys, folder, _ in
            #expect(try keys.entries().isEmpty)
            let first = try keys.current()
            #expect(first.isNew && first.name == KeyRing.firstName)
            let second = try keys.current()
            #expect(!second.isNew && second.key.seed == first.key.seed)
            #expect(try Files.status("\(folder)/workspace.pem").mode & 0o777 == 0o600)
            #expect(try Files.status(folder).mode & 0o777 == 0o700)
        }
    }

    @Test("a new key signs from now on, and the old one stays for what it signed")
    func rotation() throws {
        try with { keys, _, _ in
            let old = try keys.current().key.publicKey
            let new = try keys.create("release-2027")
            #expect(try keys.current().name == "release-2027")
            let entries = try keys.entries()
            #expect(entries.map(\.name) == ["release-2027", "workspace"] && entries.map(\.isCurrent) == [true, false])
            #expect(Set(entries.map(\.publicKey)) == [old, new])
        }
    }

    @Test("a name that is taken or cannot be a file's is refused")
    func names() throws {
        try with { keys, _, _ in
            _ = try keys.create("a")
            #expect(throws: Failure.self) { _ = try keys.create("a") }
            for name in ["", "../x", "a/b", "A", "-a", ".", "a b", String(repeating: "a", count: 65)] {
                let failure = #expect(throws: Failure.self) { _ = try keys.create(name) }
                #expect(failure?.code == .invalid, "\(name)")
            }
            #expect(throws: Failure.self) { _ = try keys.key(named: "b") }
        }
    }

    @Test("a key that others can read, or that is damaged, signs nothing")
    func damaged() throws {
        try with { keys, folder, _ in
            _ = try keys.current()
            try Shell.run("chmod 0640 workspace.pem", in: folder)
            #expect(#expect(throws: Failure.self) { _ = try keys.current() }?.code == .denied)
            try Shell.run("chmod 0600 workspace.pem; echo x >> workspace.pem", in: folder)
            #expect(#expect(throws: Failure.self) { _ = try keys.current() }?.code == .corrupt)
        }
    }

    @Test(
        "a process that dies while it makes the first key leaves one that the next uses",
        arguments: ["keys.made", "keys.current"])
    func crash(_ point: String) throws {
        try with { keys, folder, test in
            test.plan(.fail, at: point)
            #expect(throws: Failure.self) { _ = try keys.current() }
            let seed = try keys.current().key.seed
            #expect(try keys.entries().count == 1 && keys.current().key.seed == seed)
            #expect(Files.names(in: folder).sorted() == ["current", "workspace.pem"])
        }
    }

    @Test(
        "openssl reads the file of a key, and the public half that is shown is the one it finds",
        .enabled(if: Shell.has("openssl")))
    func openssl() throws {
        try with { keys, folder, _ in
            let key = try keys.current().key.publicKey
            #expect(try Shell.run("openssl pkey -in workspace.pem -pubout", in: folder) == key.pem)
            #expect(try Ed25519.PublicKey(pem: key.pem, what: "x") == key)
            let id = try Shell.run("openssl pkey -in workspace.pem -pubout -outform DER | sha256sum", in: folder)
            #expect(id.hasPrefix(key.id))
        }
    }

    @Test("what is no public key in PEM is refused by what it is")
    func wrongPEM() throws {
        try with { keys, folder, _ in
            _ = try keys.current()
            let secret = String(decoding: try Files.read("\(folder)/workspace.pem"), as: UTF8.self)
            let failure = #expect(throws: Failure.self) { _ = try Ed25519.PublicKey(pem: secret, what: "x") }
            #expect(failure?.hint?.contains("private key") == true)
            for text in ["", "x", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"] {
                #expect(throws: Failure.self) { _ = try Ed25519.PublicKey(pem: text, what: "x") }
            }
        }
    }
}
