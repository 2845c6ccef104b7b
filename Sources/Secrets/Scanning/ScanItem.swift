import Archive
import Crypto
import ImageStore
import Model

/// A file to be scanned.
struct ScanItem: Sendable {
    /// Where it is in the image.
    let path: TreePath
    let size: UInt64
    /// What names its bytes, where it is stored.
    let blob: FileContent?
    /// Its bytes from the start, in pieces.
    let open: @Sendable () throws(Failure) -> () throws(Failure) -> [UInt8]?
    /// The name of an extended attribute, whose value this is instead of a file.
    var attribute: String?

    /// A file of a tree.
    init(_ path: TreePath, _ content: FileContent, _ objects: any ObjectReader) {
        self.path = path
        size = content.size
        blob = content
        open = { () throws(Failure) in
            let extents = try content.extents(from: objects)
            var index = 0
            return { () throws(Failure) in
                // Holes hold no credentials, but separate what is around them: they count as a few zeros.
                guard index < extents.count else { return nil }
                defer { index += 1 }
                return try extents[index].data(from: objects)
                    ?? [UInt8](repeating: 0, count: Int(min(extents[index].length, 4096)))
            }
        }
    }

    /// Bytes in memory.
    init(_ path: TreePath, _ bytes: [UInt8], attribute: String? = nil) {
        self.path = path
        self.attribute = attribute
        size = UInt64(bytes.count)
        blob = nil
        open = { () throws(Failure) in
            var rest: [UInt8]? = bytes
            return { () throws(Failure) in
                defer { rest = nil }
                return rest
            }
        }
    }

    /// A file elsewhere.
    init(
        _ path: TreePath, size: UInt64, open: @escaping @Sendable () throws(Failure) -> () throws(Failure) -> [UInt8]?
    ) {
        self.path = path
        self.size = size
        blob = nil
        self.open = open
    }

    /// All bytes; refused where they are more than `limit`.
    func bytes(limit: Int) throws(Failure) -> [UInt8] {
        let next = try open()
        guard let first = try next() else { return [] }
        guard var more = try next() else { return first }
        var bytes = first
        while true {
            bytes += more
            guard bytes.count <= limit else { throw Failure(.exhausted, "\(path) has more than \(limit) bytes") }
            guard let next = try next() else { return bytes }
            more = next
        }
    }
}
