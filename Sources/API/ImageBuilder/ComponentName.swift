import Model

/// A component as its document's name tells it: `nginx`, whose 1.0.0/1 stands for what it is now, or `nginx@1.4.2-3`.
struct ComponentName: Hashable {
    let name: String
    let version: ImageVersion
    /// Whether its document is that one build alone.
    let isVersioned: Bool

    init(name: String, version: ImageVersion, isVersioned: Bool = true) {
        self.name = name
        self.version = version
        self.isVersioned = isVersioned
    }

    init(document: String) {
        let parts = document.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, let dash = parts[1].lastIndex(of: "-"),
            let version = try? ImageVersion(parsing: "\(parts[1][..<dash])/\(parts[1][parts[1].index(after: dash)...])")
        {
            self.init(name: String(parts[0]), version: version)
            return
        }
        self.init(name: document, version: .initial, isVersioned: false)
    }

    /// The document's name in its folder.
    var document: String { isVersioned ? "\(name)@\(version.semantic)-\(version.build)" : name }
}
