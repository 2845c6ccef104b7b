import ImageStore
import Model

/// `user-attributes`: extended attributes of the namespace `user.` go, wherever they are (xattr(7)).
package struct StripUserAttributes: ScrubKind {
    package static let name = "user-attributes"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        for path in try work.targets() {
            guard let node = try work.editor.node(at: path) else { continue }
            let stripped = node.metadata.attributes.filter { $0.name.starts(with: "user.".utf8) }
            if stripped.isEmpty { continue }
            try work.editor.updateMetadata(path) { metadata in
                metadata.attributes.removeAll { $0.name.starts(with: "user.".utf8) }
            }
            work.noteStripped(stripped, of: path)
        }
    }
}
