import Model

/// What an image is built on.
package enum ParentImage: TextValue {
    /// An image of the catalogue, `debian-12` or `debian-12/1.x.x`: the highest version that there is when the build starts.
    case catalogue(ResourceName, VersionSelector?)
    /// `ami-0abcdef1234567890`
    case image(ImageID)
    /// `file:rootfs.tar.zst`: an archive of a root filesystem; a relative path starts at the recipe's folder.
    case file(String)
    /// An empty tree.
    case scratch

    package init(parsing text: String) throws(Failure) {
        if text == "scratch" {
            self = .scratch
        } else if text.hasPrefix("ami-") {
            self = .image(try ImageID(parsing: text))
        } else if let path = Self.rest(of: text, after: "file:") {
            guard !path.isEmpty else { throw Failure(.invalid, "\"file:\" names no file", hint: "write file:rootfs.tar.zst") }
            self = .file(path)
        } else {
            self = try Self.catalogue(text)
        }
    }

    package var description: String {
        switch self {
        case .catalogue(let name, let version): version.map { "\(name)/\($0)" } ?? name.description
        case .image(let id): id.description
        case .file(let path): "file:\(path)"
        case .scratch: "scratch"
        }
    }

    private static func rest(of text: String, after prefix: String) -> String? {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }

    private static func catalogue(_ text: String) throws(Failure) -> ParentImage {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let name = try? ResourceName(parsing: parts[0]) else {
            throw Failure(
                .invalid, "\"\(text)\" is not a parent image",
                hint: "write a name such as debian-12 or debian-12/1.x.x, ami-…, file:rootfs.tar.zst or scratch")
        }
        return .catalogue(name, parts.count == 2 ? try VersionSelector(parsing: parts[1]) : nil)
    }
}
