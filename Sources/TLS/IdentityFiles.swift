import Platform
import Synchronization

/// An identity out of two files, which is read anew when they change. While they do not fit together, the one before stays.
package final class IdentityFiles: Sendable {
    package enum Problem: Error, Sendable {
        /// The certificates cannot be read.
        case certificate(SystemError)
        /// The key cannot be taken; nil where there is none.
        case key(SecretFile.Problem?)
        case identity(TLSIdentity.Problem)
    }

    private let certificate: String
    private let key: String
    private let state: Mutex<State>

    private struct State {
        var identity: TLSIdentity
        /// The files as they were looked at last.
        var marks: [Mark]
    }

    private struct Mark: Hashable {
        let inode: UInt64
        let changed: Int64
    }

    private static let mostBytes = 1 << 20

    /// `certificate` is a chain in PEM, the server's own first; `key` is a private key in PEM that nobody else may read.
    package init(certificate: String, key: String) throws(Problem) {
        self.certificate = certificate
        self.key = key
        let marks = Self.marks(certificate, key)
        state = Mutex(State(identity: try Self.read(certificate, key), marks: marks))
    }

    /// The identity for a new connection.
    package var current: TLSIdentity {
        state.withLock { state in
            let marks = Self.marks(certificate, key)
            if marks != state.marks {
                state.marks = marks
                if let identity = try? Self.read(certificate, key) { state.identity = identity }
            }
            return state.identity
        }
    }

    private static func read(_ certificate: String, _ key: String) throws(Problem) -> TLSIdentity {
        let chain: [UInt8]
        do throws(SystemError) { chain = try Files.read(certificate, limit: mostBytes) } catch { throw .certificate(error) }
        let secret: [UInt8]?
        do throws(SecretFile.Problem) { secret = try SecretFile.read((try? Files.resolved(key)) ?? key, limit: mostBytes) } catch
        { throw .key(error) }
        guard let secret else { throw .key(nil) }
        do throws(TLSIdentity.Problem) { return try TLSIdentity(chain: chain, key: secret) } catch { throw .identity(error) }
    }

    /// Of a link those of what it points to, since that is what is replaced.
    private static func marks(_ paths: String...) -> [Mark] {
        paths.compactMap { path in
            (try? Files.status((try? Files.resolved(path)) ?? path)).map { Mark(inode: $0.inode, changed: $0.changed) }
        }
    }
}
