import Model

/// An object of the object storage, or several of a common beginning: `s3://bucket/key`.
struct ObjectLocation: Hashable, CustomStringConvertible {
    let bucket: String
    /// UTF-8, without the leading slash; may be empty.
    let key: String

    /// S3's limit.
    private static let maximumKey = 1024

    init(bucket: String, key: String) throws(Failure) {
        self.bucket = bucket
        self.key = key
        guard key.utf8.count <= Self.maximumKey else {
            throw Failure(.invalid, "the key of '\(self)' is longer than \(Self.maximumKey) bytes")
        }
    }

    init(parsing text: String) throws(Failure) {
        let scheme = "s3://"
        let parts = text.dropFirst(scheme.count).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard text.hasPrefix(scheme), let bucket = parts.first, Self.isBucket(bucket) else {
            throw Failure(.invalid, "'\(text)' names no bucket", hint: "write it like s3://bucket/path/to/object")
        }
        try self.init(bucket: String(bucket), key: parts.count > 1 ? String(parts[1]) : "")
    }

    /// The rules for general purpose buckets.
    private static func isBucket(_ text: Substring) -> Bool {
        let isAllowed = { (byte: UInt8) in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "."):
                true
            default: false
            }
        }
        let ends = [text.first, text.last].compactMap(\.self)
        return 3...63 ~= text.utf8.count && text.utf8.allSatisfy(isAllowed) && !ends.contains("-") && !ends.contains(".")
            && !text.contains("..")
    }

    /// What stands behind the last slash of the key.
    var name: String { String(key[(key.lastIndex(of: "/").map { key.index(after: $0) } ?? key.startIndex)...]) }

    var description: String { "s3://\(bucket)/\(key)" }
}
