import Model

/// What an image is built on.
package enum ParentImage: TextValue {
    /// An image of the catalogue, `debian-12` or `debian-12/1.x.x`: the highest version that there is when the build starts.
    case catalogue(ResourceName, VersionSelector?)
    /// `ami-0abcdef1234567890`
    case image(ImageID)
    /// `ssm:/golden/debian-12`: the parameter of that name holds an AMI id.
    case parameter(String)
    /// `file:rootfs.tar.zst`: an archive of a root filesystem; a relative path starts at the recipe's folder.
    case file(String)
    /// An empty tree.
    case scratch

    package init(parsing text: String) throws(Failure) {
        if text == "scratch" {
            self = .scratch
        } else if text.hasPrefix("ami-") {
            self = .image(try ImageID(parsing: text))
        } else if let name = Self.rest(of: text, after: "ssm:") {
            self = .parameter(try Self.parameterName(name))
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
        case .parameter(let name): "ssm:\(name)"
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
                hint: "write a name such as debian-12 or debian-12/1.x.x, ami-…, ssm:/parameter, file:rootfs.tar.zst or scratch")
        }
        return .catalogue(name, parts.count == 2 ? try VersionSelector(parsing: parts[1]) : nil)
    }

    /// A name of SSM's parameter store: letters, digits and `_.-/`, with a `/` in front when it has several parts.
    private static func parameterName(_ name: String) throws(Failure) -> String {
        let allowed = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "/"):
                true
            default: false
            }
        }
        let partsAreWhole = !name.contains("//") && !name.hasSuffix("/") && (name.hasPrefix("/") || !name.contains("/"))
        guard (1...1011).contains(name.utf8.count), allowed, partsAreWhole else {
            throw Failure(
                .invalid, "\"ssm:\(name)\" is not the name of a parameter",
                hint: "use letters, digits and _ . - /, for example ssm:/golden/debian-12")
        }
        return name
    }
}
