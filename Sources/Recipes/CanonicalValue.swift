import Crypto
import YAML

/// What a value of a document means, without how it is written: no comments, quotes, order of keys or anchors. Two values with the same
/// meaning are equal and have the same bytes.
package enum CanonicalValue: Hashable, Sendable {
    /// Nothing: an empty, `~` or `null` value.
    case null
    case text(String)
    case list([CanonicalValue])
    case map([String: CanonicalValue])

    package init(_ node: Node) {
        switch node.content {
        case .scalar(let text, _): self = node.isNull ? .null : .text(text)
        case .sequence(let elements): self = .list(elements.map { CanonicalValue($0) })
        case .mapping(let pairs):
            var map: [String: CanonicalValue] = [:]
            for (key, value) in pairs { map[key.text ?? ""] = CanonicalValue(value) }
            self = .map(map)
        }
    }
}

// MARK: - Bytes for digests

extension CanonicalValue {
    /// Different for every two different values: each is a letter for its kind, a length or count in 8 bytes (big-endian), and its
    /// contents; the keys of a map are ordered by their UTF-8 bytes.
    package var canonicalBytes: [UInt8] {
        var bytes = Array("ingot.value.1\0".utf8)
        append(to: &bytes)
        return bytes
    }

    package var digest: Digest { SHA256.digest(of: canonicalBytes) }

    private func append(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(UInt8(ascii: "N"))
        case .text(let text):
            bytes.append(UInt8(ascii: "T"))
            Self.append(text, to: &bytes)
        case .list(let elements):
            bytes.append(UInt8(ascii: "L"))
            Self.append(elements.count, to: &bytes)
            for element in elements { element.append(to: &bytes) }
        case .map(let map):
            bytes.append(UInt8(ascii: "M"))
            Self.append(map.count, to: &bytes)
            for (key, value) in Self.sorted(map) {
                Self.append(key, to: &bytes)
                value.append(to: &bytes)
            }
        }
    }

    private static func append(_ count: Int, to bytes: inout [UInt8]) {
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: count >> shift)) }
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        append(text.utf8.count, to: &bytes)
        bytes.append(contentsOf: text.utf8)
    }

    fileprivate static func sorted(_ map: [String: CanonicalValue]) -> [(key: String, value: CanonicalValue)] {
        map.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}

// MARK: - Comparing

extension CanonicalValue {
    /// A difference of two values at one place; nil is where there is nothing.
    package struct Change: Hashable, Sendable {
        /// `profile.except[0].rule`; empty when the whole value is one text.
        package var path: String
        package var old: String?
        package var new: String?
    }

    /// Every text with the path to it, in the order of the canonical bytes. An empty list is `[]`, an empty map `{}`, nothing `null`.
    package func flattened() -> [(path: String, value: String)] {
        var result: [(path: String, value: String)] = []
        flatten(at: "", into: &result)
        return result
    }

    /// What became different since `old`, by path: first what `old` has, in its order, then what is new.
    package func changes(since old: CanonicalValue) -> [Change] {
        let before = old.flattened()
        let after = flattened()
        let afterByPath = Dictionary(after.map { ($0.path, $0.value) }, uniquingKeysWith: { first, _ in first })
        let known = Set(before.map(\.path))
        let changed = before.filter { afterByPath[$0.path] != $0.value }
        return changed.map { Change(path: $0.path, old: $0.value, new: afterByPath[$0.path]) }
            + after.filter { !known.contains($0.path) }.map { Change(path: $0.path, old: nil, new: $0.value) }
    }

    private func flatten(at path: String, into result: inout [(path: String, value: String)]) {
        switch self {
        case .null: result.append((path, "null"))
        case .text(let text): result.append((path, text))
        case .list(let elements):
            if elements.isEmpty { result.append((path, "[]")) }
            for (index, element) in elements.enumerated() { element.flatten(at: "\(path)[\(index)]", into: &result) }
        case .map(let map):
            if map.isEmpty { result.append((path, "{}")) }
            for (key, value) in Self.sorted(map) { value.flatten(at: Self.join(path, key), into: &result) }
        }
    }

    /// A key that is not a plain word stands in brackets and quotes: `tags["a.b"]`.
    private static func join(_ path: String, _ key: String) -> String {
        let plain =
            !key.isEmpty
            && key.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
        guard plain else { return "\(path)[\"\(key)\"]" }
        return path.isEmpty ? key : "\(path).\(key)"
    }
}

// MARK: - Codable

/// As JSON: null, a string, an array, an object.
extension CanonicalValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let elements = try? container.decode([CanonicalValue].self) {
            self = .list(elements)
        } else {
            self = .map(try container.decode([String: CanonicalValue].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .text(let text): try container.encode(text)
        case .list(let elements): try container.encode(elements)
        case .map(let map): try container.encode(map)
        }
    }
}
