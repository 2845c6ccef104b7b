import Crypto
import Model
import Platform

/// The keys of a workspace that sign what it says of images: one file each in PKCS#8, which only the owner can read, and the name of
/// the one that signs now. Older ones stay, so that what they signed can be verified.
///
///     keys/<name>.pem   keys/current
package struct KeyRing: Sendable {
    /// A key with its name.
    package struct Entry: Sendable {
        package let name: String
        package let publicKey: Ed25519.PublicKey
        /// Whether it signs what is sealed from now on.
        package let isCurrent: Bool
    }

    private let folder: String
    private let environment: Environment

    package init(folder: String, environment: Environment) {
        self.folder = folder
        self.environment = environment
    }

    /// The key that is made where something is to be signed and there is none.
    package static let firstName = "workspace"

    // MARK: Looking

    /// All keys, by name.
    package func entries() throws(Failure) -> [Entry] {
        let current = try currentName()
        var entries: [Entry] = []
        for file in Files.names(in: folder) where file.hasSuffix(Self.ending) && !file.hasPrefix(".") {
            let name = String(file.dropLast(Self.ending.count))
            guard let key = try load(name) else { continue }
            entries.append(Entry(name: name, publicKey: key.publicKey, isCurrent: name == current))
        }
        return entries.sorted { $0.name < $1.name }
    }

    /// The key of a name, for who must have it.
    package func key(named name: String) throws(Failure) -> Ed25519.PrivateKey {
        try Self.check(name)
        if let key = try load(name) { return key }
        throw Failure(.notFound, "there is no key '\(name)' in \(folder)", hint: "`ingot keys list` shows the keys")
    }

    // MARK: Making

    /// Makes a key, which signs from now on; the one that did stays.
    package func create(_ name: String) throws(Failure) -> Ed25519.PublicKey {
        try Self.check(name)
        guard try load(name) == nil, try make(name) else {
            throw Failure(.conflict, "there is a key '\(name)' already", hint: "give the new one another name")
        }
        try setCurrent(name)
        return try key(named: name).publicKey
    }

    /// The key that signs now; made where there is none, and then `isNew`. It is durable when this returns.
    package func current() throws(Failure) -> (name: String, key: Ed25519.PrivateKey, isNew: Bool) {
        if let name = try currentName() { return (name, try key(named: name), false) }
        // A process that ended here, or one that does this at the same time, has made the key: then it is used.
        let isNew = try make(Self.firstName)
        try setCurrent(Self.firstName)
        return (Self.firstName, try key(named: Self.firstName), isNew)
    }

    // MARK: Files

    private static let ending = ".pem"
    private var currentPath: String { folder + "/current" }
    private func path(_ name: String) -> String { "\(folder)/\(name)\(Self.ending)" }

    private static func check(_ name: String) throws(Failure) {
        let isSafe = name.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
        }
        guard isSafe, (1...64).contains(name.utf8.count), name.first != "-" else {
            throw Failure(.invalid, "'\(name)' cannot name a key", hint: "use small letters, digits and '-', at most 64")
        }
    }

    private func currentName() throws(Failure) -> String? {
        do throws(SystemError) {
            let text = String(decoding: try Files.read(currentPath, limit: 256), as: UTF8.self)
            return String(text.prefix { !$0.isNewline })
        } catch {
            if error.isNotFound { return nil }
            throw Failure(.io, "the name of the key that signs cannot be read", cause: error)
        }
    }

    private func load(_ name: String) throws(Failure) -> Ed25519.PrivateKey? {
        let path = path(name)
        let found: [UInt8]?
        do throws(SecretFile.Problem) { found = try SecretFile.read(path, limit: 4096) } catch {
            throw Failure(
                error, of: "the key '\(name)'", at: path,
                remedy: "run chmod 0600 \(path), and make a new key: `ingot keys create NAME`")
        }
        guard let bytes = found else { return nil }
        guard let der = PEM.decode(String(decoding: bytes, as: UTF8.self), label: "PRIVATE KEY"),
            let key = Ed25519.PrivateKey(pkcs8: der)
        else { throw Failure(.corrupt, "\(path) holds no Ed25519 key in PKCS#8", hint: "restore it from a copy") }
        return key
    }

    /// False where the name is taken: of two that do this at once one makes the key.
    private func make(_ name: String) throws(Failure) -> Bool {
        let path = path(name)
        do throws(SystemError) {
            guard let key = Ed25519.PrivateKey(seed: try environment.random(Ed25519.seedSize)) else { return false }
            let isMine = try SecretFile.make(path, Array(key.pem.utf8), token: try environment.token())
            try environment.failpoint("keys.made")
            return isMine
        } catch { throw Self.failure("the key '\(name)' cannot be made", error) }
    }

    private func setCurrent(_ name: String) throws(Failure) {
        do throws(SystemError) {
            try Files.writeDurably(currentPath, Array("\(name)\n".utf8), permissions: 0o600)
            try environment.failpoint("keys.current")
        } catch { throw Self.failure("the key '\(name)' cannot be made the one that signs", error) }
    }

    private static func failure(_ message: String, _ error: SystemError) -> Failure {
        Failure(error.isNoSpace ? .exhausted : .io, message, cause: error)
    }
}
