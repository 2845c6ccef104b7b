import Guest
import ImageStore
import Model

/// Whose keys may sign the suites of a folder, by what an image's apt says.
///
/// Where a source of the image is the suite's, its `Signed-By` decides, or without one what apt trusts for all sources. A suite of which no
/// source speaks may be signed by any key of the image's keyrings: who asks brought it, and the report says that nothing was pinned.
struct SuiteTrust {
    /// A set of keys, and of these the fingerprints that count; nil for all.
    struct Keys {
        var keyrings: [[UInt8]] = []
        var fingerprints: [String]?
        /// Whether a source of the image names them.
        var isPinned = false
    }

    private let view: any TreeView
    private let sources: [AptSource]
    private static let trusted: [TreePath] = ["/etc/apt/trusted.gpg.d"]
    private static let others: [TreePath] = ["/etc/apt/keyrings", "/usr/share/keyrings"]
    private static let maximumKeyring = 4 << 20

    init(of view: any TreeView) throws(Failure) {
        self.view = view
        sources = try AptSource.all(in: view)
    }

    /// - Parameters:
    ///   - prefix: what the file's name begins with among apt's lists; empty in the folder of a mirror.
    ///   - folder: where it lies: `…/dists/bookworm-security`.
    func keys(prefix: String, folder: String) throws(Failure) -> Keys {
        let suite = folder.split(separator: "/dists/", omittingEmptySubsequences: false).dropFirst().last
        let own = sources.filter { source in
            prefix.isEmpty ? suite.map { $0 == source.suite } ?? false : source.listPrefix == prefix
        }
        guard !own.isEmpty else {
            return Keys(keyrings: try keyrings(Self.trusted + Self.others))
        }
        guard let pinned = own.first(where: { !$0.signedBy.isEmpty }) else {
            return Keys(keyrings: try keyrings(Self.trusted), isPinned: true)
        }
        return try keys(of: pinned)
    }

    private func keys(of source: AptSource) throws(Failure) -> Keys {
        var keys = Keys(isPinned: true)
        for word in source.signedBy {
            if word.hasPrefix("-----BEGIN") {
                keys.keyrings += [Keyring.binary(Array(word.utf8))].compactMap(\.self)
            } else if word.hasPrefix("/") {
                keys.keyrings += try keyring(try TreePath(parsing: word)).map { [$0] } ?? []
            } else {
                // A subkey is meant where an exclamation mark follows; gpgv tells the key's fingerprint as well as the subkey's.
                keys.fingerprints = (keys.fingerprints ?? []) + [word.prefix { $0 != "!" }.uppercased()]
            }
        }
        if keys.fingerprints != nil { keys.keyrings += try keyrings(Self.trusted) }
        return keys
    }

    private func keyrings(_ folders: [TreePath]) throws(Failure) -> [[UInt8]] {
        var paths: [TreePath] = ["/etc/apt/trusted.gpg"]
        for folder in folders {
            let folder = try view.resolve(folder)
            for (name, _) in try view.children(of: folder) ?? [] {
                let text = name.description
                // Keys that a distribution has given up are kept too, in a keyring of their own.
                guard text.hasSuffix(".gpg") || text.hasSuffix(".asc"), !text.contains("removed") else { continue }
                paths.append(folder.appending(name))
            }
        }
        var keyrings: [[UInt8]] = []
        for path in paths { keyrings += try keyring(path).map { [$0] } ?? [] }
        return keyrings
    }

    private func keyring(_ path: TreePath) throws(Failure) -> [UInt8]? {
        guard let content = try view.resolvedNode(path)?.content, content.size <= UInt64(Self.maximumKeyring) else { return nil }
        return Keyring.binary(try content.bytes(from: view.objects, limit: Self.maximumKeyring))
    }
}
