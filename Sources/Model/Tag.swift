/// A tag of EC2: a key and a value.
package struct Tag: Hashable, Comparable, Sendable, Codable {
    package let key: String
    package let value: String

    package static let longestKey = 128
    package static let longestValue = 256

    /// A tag of a user's. Lengths are counted in Unicode characters (scalars). `aws:` in any case is reserved.
    package init(key: String, value: String) throws(Failure) {
        try self.init(reserved: key, value: value)
        guard !isReserved else {
            throw Failure(
                .invalid, "the tag key \"\(key)\" begins with aws:, which AWS keeps for itself", hint: "choose another prefix")
        }
    }

    /// A tag that a service of AWS sets, whose key may begin with `aws:`, or one that a catalogue holds.
    package init(reserved key: String, value: String) throws(Failure) {
        let length = key.unicodeScalars.count
        guard (1...Self.longestKey).contains(length) else {
            throw Failure(
                .invalid, "the tag key \"\(key.prefix(40))\" has \(length) characters; 1 to \(Self.longestKey) are allowed")
        }
        guard value.unicodeScalars.count <= Self.longestValue else {
            throw Failure(
                .invalid,
                "the value of the tag \"\(key)\" has \(value.unicodeScalars.count) characters; at most \(Self.longestValue) are allowed"
            )
        }
        self.key = key
        self.value = value
    }

    /// Whether only a service sets and removes it. Such tags do not count towards a resource's number.
    package var isReserved: Bool { key.lowercased().hasPrefix("aws:") }

    private enum CodingKeys: String, CodingKey {
        case key = "Key"
        case value = "Value"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(key: container.decode(String.self, forKey: .key), value: container.decode(String.self, forKey: .value))
    }

    package static func < (a: Tag, b: Tag) -> Bool { (a.key, a.value) < (b.key, b.value) }
}

/// The tags of one resource: at most 50 of a user's, each key once, ordered by key.
package struct TagSet: Hashable, Sendable, Codable, Sequence {
    package private(set) var tags: [Tag]

    package static let most = 50

    package init() { tags = [] }

    /// A key that comes twice is an error.
    package init(_ tags: some Sequence<Tag>) throws(Failure) {
        let sorted = tags.sorted()
        for (tag, next) in zip(sorted, sorted.dropFirst()) where tag.key == next.key {
            throw Failure(.invalid, "the tag \"\(tag.key)\" is given twice")
        }
        try self.init(sorted: sorted)
    }

    private init(sorted: [Tag]) throws(Failure) {
        let count = sorted.count { !$0.isReserved }
        guard count <= Self.most else {
            throw Failure(.invalid, "there are \(count) tags; a resource has at most \(Self.most)").answered(.tagLimitExceeded)
        }
        tags = sorted
    }

    package subscript(key: String) -> String? { tags.first { $0.key == key }?.value }

    package var count: Int { tags.count }

    package func makeIterator() -> some IteratorProtocol<Tag> { tags.makeIterator() }

    /// Those that a user gave, which are copied where tags are.
    package var unreserved: TagSet {
        var result = self
        result.tags.removeAll { $0.isReserved }
        return result
    }

    /// Both; where both have a key, `other` wins.
    package func merging(_ other: TagSet) throws(Failure) -> TagSet {
        let kept = tags.filter { other[$0.key] == nil }
        return try TagSet(sorted: (kept + other.tags).sorted())
    }

    /// Without the tags of these keys.
    package func removing(_ keys: some Sequence<String>) -> TagSet {
        let keys = Set(keys)
        var result = self
        result.tags.removeAll { keys.contains($0.key) }
        return result
    }

    package init(from decoder: any Decoder) throws { try self.init(decoder.singleValueContainer().decode([Tag].self)) }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(tags)
    }
}
