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
        guard text.hasPrefix(scheme), let bucket = parts.first.flatMap({ try? BucketName(parsing: String($0)) }) else {
            throw Failure(.invalid, "'\(text)' names no bucket", hint: "write it like s3://bucket/path/to/object")
        }
        try self.init(bucket: bucket.description, key: parts.count > 1 ? String(parts[1]) : "")
    }

    /// What stands behind the last slash of the key.
    var name: String { String(key[(key.lastIndex(of: "/").map { key.index(after: $0) } ?? key.startIndex)...]) }

    var description: String { "s3://\(bucket)/\(key)" }
}
