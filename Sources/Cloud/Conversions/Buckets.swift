import Model
import Platform
import Text

/// An object of Amazon S3.
package struct ObjectPlace: Hashable, Sendable, Codable {
    package let bucket: String
    package let key: String

    /// Nil where S3 would not have such a bucket, or the key leads nowhere: as a path it has no part that is empty, `.` or `..`.
    package init?(bucket: String, key: String) {
        guard (try? BucketName(parsing: bucket)) != nil, 1...Self.longestKey ~= key.utf8.count, !key.utf8.contains(0),
            Self.parts(key).allSatisfy({ !["", ".", ".."].contains($0) && $0.utf8.count < 256 })
        else { return nil }
        self.bucket = bucket
        self.key = key
    }

    /// `s3://bucket/key`, or the address of the object at Amazon, with the bucket in its path or in its host name.
    package init?(url: String) {
        let address = url.prefix { $0 != "?" && $0 != "#" }
        guard let colon = address.firstRange(of: "://") else { return nil }
        let rest = address[colon.upperBound...]
        let host = rest.prefix { $0 != "/" }
        guard host.count < rest.count, let bytes = PercentEncoding.decode(rest.dropFirst(host.count + 1).utf8),
            let path = String(validating: bytes, as: UTF8.self)
        else { return nil }
        switch address[..<colon.lowerBound] {
        case "s3": self.init(bucket: String(host), key: path)
        case "https", "http":
            guard host.hasSuffix(".amazonaws.com") else { return nil }
            if host.hasPrefix("s3.") || host.hasPrefix("s3-") {
                let bucket = path.prefix { $0 != "/" }
                self.init(bucket: String(bucket), key: String(path.dropFirst(bucket.count + 1)))
            } else if let service = host.firstRange(of: ".s3.") ?? host.firstRange(of: ".s3-") {
                self.init(bucket: String(host[..<service.lowerBound]), key: path)
            } else {
                return nil
            }
        default: return nil
        }
    }

    /// As S3 bounds them, in bytes.
    private static let longestKey = 1024

    /// The key as a path: its folders and the name of the file.
    var path: (folders: [String], name: String) {
        let parts = Self.parts(key)
        return (Array(parts.dropLast()), parts.last ?? "")
    }

    private static func parts(_ key: String) -> [String] {
        key.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    }
}

/// Buckets of Amazon S3 as folders in one folder: an object is a file, and its key the path to it.
package struct Buckets: Sendable {
    private let root: String

    package init(_ root: String) { self.root = root }

    package func has(_ bucket: String) -> Bool {
        guard let name = try? BucketName(parsing: bucket) else { return false }
        return (try? folder(name.description)) != nil
    }

    /// The bytes of an object; `Failure(.notFound)` where there is none.
    func open(_ object: ObjectPlace) throws(Failure) -> FileDescriptor {
        do throws(SystemError) {
            var folder = try folder(object.bucket)
            for name in object.path.folders { folder = try folder.folder(name) }
            return try folder.file(object.path.name)
        } catch {
            throw Failure(
                .notFound, "there is no object \(object.key) in the bucket \(object.bucket) that can be read", cause: error)
        }
    }

    func holds(_ object: ObjectPlace) -> Bool { (try? open(object)) != nil }

    /// Writes an object, which is there as a whole or not at all. Folders are made as they are needed; the bucket must be there. No two of one
    /// name write at once.
    func write(
        _ object: ObjectPlace, writer: String, _ fill: (borrowing FileDescriptor) throws(Failure) -> Void
    ) throws(Failure) {
        let folder: FileDescriptor
        do throws(SystemError) { folder = try makeFolder(of: object) } catch { throw Self.failure(object, error) }
        let temporary = Self.temporary(writer)
        // What one of the name left behind that was brought down.
        try? folder.remove(temporary)
        do throws(Failure) {
            try fill(try Self.newFile(temporary, in: folder, object))
            try Self.finish(temporary, in: folder, object)
        } catch {
            try? folder.remove(temporary)
            throw error
        }
    }

    /// Removes an object that the writer wrote, or the part of it that is there.
    func remove(_ object: ObjectPlace, writer: String) {
        guard var folder = try? folder(object.bucket) else { return }
        for name in object.path.folders {
            guard let next = try? folder.folder(name) else { return }
            folder = next
        }
        try? folder.remove(Self.temporary(writer))
        try? folder.remove(object.path.name)
    }

    private static func temporary(_ writer: String) -> String { ".ingot-\(writer)" }

    private func folder(_ bucket: String) throws(SystemError) -> FileDescriptor {
        try FileDescriptor.open(root, .directory).folder(bucket)
    }

    private func makeFolder(of object: ObjectPlace) throws(SystemError) -> FileDescriptor {
        var folder = try folder(object.bucket)
        for name in object.path.folders { folder = try folder.folder(name, isMade: true) }
        return folder
    }

    private static func newFile(
        _ name: String, in folder: borrowing FileDescriptor, _ object: ObjectPlace
    ) throws(Failure) -> FileDescriptor {
        do throws(SystemError) { return try folder.newFile(name) } catch { throw failure(object, error) }
    }

    private static func finish(
        _ temporary: String, in folder: borrowing FileDescriptor, _ object: ObjectPlace
    ) throws(Failure) {
        do throws(SystemError) {
            try folder.file(temporary).synchronize()
            try folder.rename(temporary, to: object.path.name)
            try folder.synchronize()
        } catch { throw failure(object, error) }
    }

    private static func failure(_ object: ObjectPlace, _ error: SystemError) -> Failure {
        Failure(
            error.isNoSpace ? .exhausted : error.isNotFound ? .notFound : .io,
            "the object \(object.key) cannot be written into the bucket \(object.bucket)", cause: error)
    }
}
