import FoundationEssentials
import Model
import Platform
import SigV4
import Synchronization
import Text

/// The access keys of a workspace: one file that only its owner can read.
package final class CredentialFile: CredentialSource {
    private let path: String
    private let environment: Environment
    private let cache = Mutex<(stamp: Stamp?, credentials: [String: Credential])>((nil, [:]))

    private struct Stamp: Equatable {
        let inode: UInt64
        let modified: Int64
        let size: Int
    }

    /// More than that nobody needs, and a file that is larger is none of ours.
    private static let limit = 4 << 20

    /// `folder` is the workspace.
    package init(folder: String, environment: Environment) {
        path = folder + "/credentials.json"
        self.environment = environment
    }

    // MARK: Looking

    /// In the order in which they were made.
    package func all() throws(Failure) -> [Credential] {
        try load().values.sorted { ($0.created, $0.key.id) < ($1.created, $1.key.id) }
    }

    /// Looks whether the file has changed: a key that was revoked is refused from then on. What cannot be read has no keys.
    package func credential(_ keyID: String) -> Credential? {
        let stamp = (try? Files.status(path)).map { Stamp(inode: $0.inode, modified: $0.modified, size: $0.size) }
        if let stamp {
            let known: Credential?? = cache.withLock { $0.stamp == stamp ? .some($0.credentials[keyID]) : nil }
            if let known { return known }
        }
        let loaded = (try? load()) ?? [:]
        cache.withLock { $0 = (stamp, loaded) }
        return loaded[keyID]
    }

    // MARK: Changing

    /// A new key of the account.
    package func make(for account: AccountID) throws(Failure) -> Credential {
        let created = Instant(seconds: environment.seconds)
        return try change { (credentials) throws(Failure) in
            let credential = Credential(key: try self.newKey(), account: account, created: created)
            credentials[credential.key.id] = credential
            return credential
        }
    }

    package func revoke(_ keyID: String) throws(Failure) {
        try change { (credentials) throws(Failure) in
            guard credentials.removeValue(forKey: keyID) != nil else {
                throw Failure(
                    .notFound, "there is no access key \(keyID)", hint: "`ingot credentials list` shows those that there are")
            }
        }
    }

    /// Ids and secrets have the lengths and letters of AWS's.
    private func newKey() throws(Failure) -> AccessKey {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try environment.random(16 + 30) } catch {
            throw Failure(.io, "the system gives no randomness for an access key", cause: error)
        }
        return AccessKey(
            id: "AKIA\(IdentifierLetters.text(bytes.prefix(16)))", secret: Data(bytes.dropFirst(16)).base64EncodedString())
    }

    /// One at a time, and all or nothing.
    private func change<Result>(_ body: (inout [String: Credential]) throws(Failure) -> Result) throws(Failure) -> Result {
        let lock: FileLock
        do throws(SystemError) { lock = try FileLock.acquire(path + ".lock") } catch {
            throw Failure(.io, "the access keys cannot be locked", cause: error)
        }
        return try withExtendedLifetime(lock) { _ throws(Failure) in
            var credentials = try load()
            let result = try body(&credentials)
            try store(credentials)
            return result
        }
    }

    // MARK: The file

    private struct Entry: Codable {
        let accessKeyId: String
        let secretAccessKey: String
        let account: AccountID
        let created: Instant
    }

    private func load() throws(Failure) -> [String: Credential] {
        guard let bytes = try read() else { return [:] }
        do {
            let entries = try JSONDecoder().decode([Entry].self, from: Data(bytes))
            let credentials = entries.map { entry in
                Credential(
                    key: AccessKey(id: entry.accessKeyId, secret: entry.secretAccessKey), account: entry.account,
                    created: entry.created)
            }
            return Dictionary(credentials.map { ($0.key.id, $0) }) { _, last in last }
        } catch {
            throw Failure(.corrupt, "the file with the access keys is damaged", hint: "remove \(path), and make new keys")
        }
    }

    /// Nil where there is none yet.
    private func read() throws(Failure) -> [UInt8]? {
        do throws(SecretFile.Problem) { return try SecretFile.read(path, limit: Self.limit) } catch {
            throw Failure(
                error, of: "the file with the access keys", at: path, remedy: "run chmod 0600 \(path), and make new keys")
        }
    }

    private func store(_ credentials: [String: Credential]) throws(Failure) {
        let entries = credentials.values.sorted { ($0.created, $0.key.id) < ($1.created, $1.key.id) }.map { credential in
            Entry(
                accessKeyId: credential.key.id, secretAccessKey: credential.key.secret, account: credential.account,
                created: credential.created)
        }
        do {
            let bytes = Array(try JSONEncoder().encode(entries)) + [0x0A]
            try Files.writeDurably(path, bytes, permissions: 0o600)
        } catch { throw Failure(.io, "the access keys cannot be written", cause: error) }
    }
}
