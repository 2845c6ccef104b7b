import Archive
import Crypto
import Model
import Platform
import Zlib

/// A feed as the user gave it, in memory and decompressed.
package struct FeedFile: Sendable {
    package let path: String
    /// Of the file as it is on disk.
    package let digest: Digest
    let bytes: [UInt8]
    /// Several documents: files of a folder, or members of a tar or zip archive. Then `bytes` is empty.
    let documents: [(name: String, bytes: [UInt8])]

    /// On disk, and decompressed.
    static let maximumSize = 160 << 20
    /// A compressed one is in memory beside what comes out of it.
    private static let maximumCompressed = 32 << 20
    private static let maximumDecompressed = 128 << 20
    private static let maximumDocuments = 200_000

    package init(_ path: String) throws(Failure) {
        self.path = path
        do {
            if try Files.status(try Files.resolved(path)).isDirectory {
                documents = try Self.folder(path)
                bytes = []
                digest = Self.digest(of: documents)
                return
            }
            let raw = try Files.read(path, limit: Self.maximumSize)
            digest = SHA256.digest(of: raw)
            let isZip = raw.starts(with: [0x50, 0x4B, 0x03, 0x04])
            let plain = isZip ? raw : try Self.decompressed(raw)
            if isZip || plain.count > 262 && plain[257..<262].elementsEqual("ustar".utf8) {
                documents = try Self.members(plain)
                bytes = []
            } else {
                documents = []
                bytes = plain
            }
        } catch let failure as Failure {
            throw failure
        } catch let error as SystemError where error.isNotFound {
            throw Failure(.notFound, "there is no feed \(path)", hint: "give the path of a file or a folder", cause: error)
        } catch {
            throw Failure(.invalid, "the feed \(path) cannot be read", cause: error)
        }
    }

    private static func decompressed(_ raw: [UInt8]) throws -> [UInt8] {
        // Text is taken as it is: a copy of a large feed costs as much as the feed.
        if let first = raw.first, [0x7B, 0x5B, 0x3C, 0x20, 0x0A, 0x56].contains(first) { return raw }
        guard raw.count <= maximumCompressed else {
            throw Failure(.exhausted, "a compressed feed of more than \(maximumCompressed) bytes", hint: "give it decompressed")
        }
        // A zlib header is a multiple of 31; debsecan's database is the one feed that has it.
        if raw.count > 2, raw[0] == 0x78, (Int(raw[0]) << 8 | Int(raw[1])).isMultiple(of: 31) {
            return try Zlib.decompress(raw, limit: maximumDecompressed)
        }
        return try Decompression.whole(of: raw, limit: maximumDecompressed)
    }

    private static func folder(_ path: String) throws -> [(name: String, bytes: [UInt8])] {
        var documents: [(name: String, bytes: [UInt8])] = []
        var total = 0
        for name in Files.names(in: path).sorted() where name.hasSuffix(".json") {
            let bytes = try Files.read("\(path)/\(name)", limit: maximumSize)
            total += bytes.count
            guard total <= maximumSize, documents.count < maximumDocuments else {
                throw Failure(.exhausted, "the feed \(path) has more than \(maximumSize) bytes or \(maximumDocuments) files")
            }
            documents.append((name, bytes))
        }
        if documents.isEmpty { throw Failure(.invalid, "the feed \(path) is a folder without .json files") }
        return documents
    }

    private static func members(_ archive: [UInt8]) throws -> [(name: String, bytes: [UInt8])] {
        var documents: [(name: String, bytes: [UInt8])] = []
        var (rest, total) = (archive, 0)
        let reader = try MemberReader { () throws(ArchiveError) in
            defer { rest = [] }
            return rest
        }
        while let name = try reader.next() {
            guard name.suffix(5).elementsEqual(".json".utf8) else { continue }
            var bytes: [UInt8] = []
            while let chunk = try reader.read() {
                bytes += chunk
                total += chunk.count
                guard total <= maximumSize, documents.count < maximumDocuments else {
                    throw Failure(.exhausted, "the archive has more than \(maximumSize) bytes or \(maximumDocuments) files")
                }
            }
            documents.append((String(decoding: name, as: UTF8.self), bytes))
        }
        if documents.isEmpty { throw Failure(.invalid, "the archive has no .json files") }
        return documents
    }

    private static func digest(of documents: [(name: String, bytes: [UInt8])]) -> Digest {
        var hasher = SHA256()
        for document in documents { hasher.update("\(document.name) \(SHA256.digest(of: document.bytes).hex)\n") }
        return hasher.finish()
    }
}
