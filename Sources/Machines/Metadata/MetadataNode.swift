import Model

/// A part of what an instance is told: a value, or a folder of parts.
indirect enum MetadataNode {
    case value([UInt8])
    case folder([Entry])
    /// A folder that is made when somebody looks into it: what it takes, and what it may fail of, is no matter of the others.
    case later(() throws(Failure) -> [Entry])

    struct Entry {
        let name: String
        /// How it is listed, where that is not its name: `0=deploy`.
        let shown: String?
        let node: MetadataNode

        init(_ name: String, _ node: MetadataNode, shown: String? = nil) {
            self.name = name
            self.node = node
            self.shown = shown
        }

        init(_ name: String, _ text: String) { self.init(name, .text(text)) }
    }

    static func text(_ text: String) -> MetadataNode { .value(Array(text.utf8)) }

    /// A value or a folder.
    func node(at names: ArraySlice<String>) throws(Failure) -> MetadataNode? {
        if case .later(let make) = self { return try MetadataNode.folder(try make()).node(at: names) }
        guard let first = names.first else { return self }
        guard case .folder(let entries) = self else { return nil }
        return try entries.first { $0.name == first }?.node.node(at: names.dropFirst())
    }

    /// A name a line; those of folders end with a slash.
    static func list(_ entries: [Entry]) -> String {
        entries.map { entry in
            if let shown = entry.shown { return shown }
            if case .value = entry.node { return entry.name }
            return entry.name + "/"
        }.joined(separator: "\n")
    }
}
