import ImageStore
import Model

/// What `/etc/os-release` says about the distribution (os-release(5)).
package struct OSRelease: Hashable, Sendable {
    /// `debian`, `amzn`; empty where the image does not say.
    package private(set) var id = ""
    /// `ID_LIKE`: the distributions that this one stems from, nearest first.
    package private(set) var like: [String] = []
    /// `bookworm`; empty where it has none.
    package private(set) var codename = ""
    /// `12`, `2023`
    package private(set) var versionID = ""
    package private(set) var prettyName = ""

    package init(_ bytes: [UInt8]) {
        for line in LineFile(bytes).lines {
            guard let equals = line.firstIndex(of: 0x3D) else { continue }
            let value = Self.unquoted(line[(equals + 1)...])
            switch String(decoding: line[..<equals], as: UTF8.self) {
            case "ID": id = value
            case "ID_LIKE": like = value.split(separator: " ").map { String($0) }
            case "VERSION_ID": versionID = value
            case "VERSION_CODENAME": codename = value
            case "PRETTY_NAME": prettyName = value
            default: break
            }
        }
    }

    /// Of an image: `/etc/os-release`, else `/usr/lib/os-release`.
    package init(in view: any TreeView) throws(Failure) {
        for path in ["/etc/os-release", "/usr/lib/os-release"] as [TreePath] {
            guard let node = try view.resolvedNode(path), node.content != nil else { continue }
            self.init(try view.read(path, limit: 1 << 20) ?? [])
            return
        }
        self.init([])
    }

    /// Whether it is `family` or stems from it.
    package func isLike(_ family: String) -> Bool { id == family || like.contains(family) }

    private static func unquoted(_ value: ArraySlice<UInt8>) -> String {
        var value = value
        if value.count >= 2, let quote = value.first, quote == 0x22 || quote == 0x27, value.last == quote {
            value = value.dropFirst().dropLast()
        }
        return String(decoding: value, as: UTF8.self)
    }
}
