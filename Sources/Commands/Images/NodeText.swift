import Guest
import ImageStore
import Model

/// What a name in an image is, as `ls -l` and JSON write it.
enum NodeText {
    /// `-rwsr-xr-x`
    static func mode(_ node: Node) -> String {
        let bits = node.metadata.mode
        let groups: [(shift: UInt16, special: UInt16, set: Character, unset: Character)] = [
            (6, 0o4000, "s", "S"), (3, 0o2000, "s", "S"), (0, 0o1000, "t", "T"),
        ]
        var text = String(letter(node.kind))
        for group in groups {
            let triple = bits >> group.shift
            text += triple & 4 != 0 ? "r" : "-"
            text += triple & 2 != 0 ? "w" : "-"
            let runs = triple & 1 != 0
            text.append(bits & group.special != 0 ? (runs ? group.set : group.unset) : runs ? "x" : "-")
        }
        return text + (node.metadata.attributes.isEmpty ? "" : "+")
    }

    private static func letter(_ kind: Node.Kind) -> Character {
        switch kind {
        case .file, .hardLink: "-"
        case .directory: "d"
        case .symlink: "l"
        case .characterDevice: "c"
        case .blockDevice: "b"
        case .fifo: "p"
        }
    }

    static func type(_ kind: Node.Kind) -> String {
        switch kind {
        case .file, .hardLink: "file"
        case .directory: "directory"
        case .symlink: "symlink"
        case .characterDevice: "characterDevice"
        case .blockDevice: "blockDevice"
        case .fifo: "fifo"
        }
    }

    /// `0644`
    static func octal(_ mode: UInt16) -> String { pad(String(mode, radix: 8), to: 4) }

    /// `2026-11-20T23:19:33Z`, with the fraction where there is one: `2026-11-20T23:19:33.000000001Z`.
    static func time(_ nanoseconds: Int64) -> String {
        var text: [UInt8] = []
        append(time: nanoseconds, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    static func append(time nanoseconds: Int64, to text: inout [UInt8]) {
        // Towards the past, also at the ends of what 64 bits hold.
        var (seconds, fraction) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        if fraction < 0 {
            seconds -= 1
            fraction += 1_000_000_000
        }
        Instant(seconds: seconds).utc.append(to: &text)
        if fraction != 0 {
            let digits = String(fraction).utf8
            text.append(UInt8(ascii: "."))
            text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 9 - digits.count))
            text.append(contentsOf: digits)
        }
        text.append(UInt8(ascii: "Z"))
    }

    private static func pad(_ digits: String, to width: Int) -> String {
        String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// One node as JSON. A hard link is written as its file, and says with `hardLinkTo` whose name it is.
struct NodeJSON: Encodable {
    let path: String
    let type: String
    let mode: String
    let uid: UInt32
    let gid: UInt32
    let modified: String
    var size: UInt64?
    var links: UInt32?
    var hardLinkTo: String?
    var linkTarget: String?
    var device: String?
    let attributes: [String]

    /// - Parameter file: where `node` is a hard link, the file that it is another name of.
    init(_ path: TreePath, _ node: Node, file: Node? = nil) {
        self.path = path.escaped
        type = NodeText.type(node.kind)
        mode = NodeText.octal(node.metadata.mode)
        uid = node.metadata.uid
        gid = node.metadata.gid
        modified = NodeText.time(node.metadata.modified)
        attributes = node.metadata.attributes.map { String(decoding: $0.name, as: UTF8.self) }
        if case .hardLink(let target) = node.kind { hardLinkTo = target.escaped }
        switch (file ?? node).kind {
        case .file(let content, let links): (size, self.links) = (content.size, links)
        case .symlink(let target): linkTarget = String(decoding: target, as: UTF8.self)
        case .characterDevice(let major, let minor), .blockDevice(let major, let minor): device = "\(major):\(minor)"
        default: break
        }
    }
}
