import Guest
import Model

/// Names of packages with `*` for any part.
struct PackageNames {
    private let patterns: [(text: String, wildcard: Wildcard)]

    init(_ texts: [String]) throws(Failure) {
        patterns = try texts.map { (text) throws(Failure) in
            guard Self.isPattern(text) else {
                throw Failure(.invalid, "'\(text.prefix(80))' is no name of a package")
            }
            return (text, try PathPattern.wildcard(text.utf8))
        }
    }

    func matches(_ name: String) -> Bool { patterns.contains { $0.wildcard.matches(Array(name.utf8)) } }

    /// Those that none of the names fits.
    func unmatched(among names: [String]) -> [String] {
        patterns.filter { pattern in !names.contains { pattern.wildcard.matches(Array($0.utf8)) } }.map(\.text)
    }

    /// No blank and no sign that a package manager would take for an option or a group.
    private static func isPattern(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "-"), text.utf8.count <= 200 else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: Array("+-.:_~*".utf8).contains(byte)
            }
        }
    }
}
