import Crypto
import Guest
import ImageStore
import Model
import Platform

/// A file of the host through which contents go between the network and the image, piece by piece. It is gone with the value.
struct TransferFile: ~Copyable {
    let path: String

    private static let pieceSize = 1 << 20

    init(_ context: ActionContext) throws(Failure) {
        do throws(SystemError) {
            path = "\(context.temporaryFolder)/transfer-\(try context.environment.token())"
        } catch { throw Failure(.io, "the system gives no randomness", cause: error) }
    }

    deinit { try? Files.remove(path) }

    /// Gives the file's bytes in pieces.
    func pieces(_ take: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
        let file = try Self.reading { () throws(SystemError) in try FileDescriptor.open(path, .read) }
        var offset = 0
        while true {
            var piece = [UInt8](repeating: 0, count: Self.pieceSize)
            let got = try Self.reading { () throws(SystemError) in
                try file.read(into: &piece, count: Self.pieceSize, at: offset)
            }
            if got == 0 { return }
            piece.removeLast(Self.pieceSize - got)
            try take(piece)
            offset += got
        }
    }

    /// The first bytes, for messages of servers.
    func beginning(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard let file = try? FileDescriptor.open(path, .read), let got = try? file.read(into: &bytes, count: count, at: 0) else {
            return []
        }
        return Array(bytes.prefix(got))
    }

    func checksum(_ algorithm: FileDigest.Algorithm) throws(Failure) -> String {
        var hasher = FileDigest(algorithm)
        try pieces { (piece: [UInt8]) throws(Failure) in hasher.update(piece) }
        return hasher.finish()
    }

    /// Makes the file the contents of a file of the image, in place of what is there. A new file is root's, with mode 0644.
    func move(to target: TreePath, in tree: TreeEditor) throws(Failure) -> UInt64 {
        let content = try tree.store { (chunker: inout Chunker) throws(Failure) in
            try pieces { (piece: [UInt8]) throws(Failure) in try chunker.append(piece.span) }
        }
        let place = try tree.resolve(target)
        try tree.write(content, to: place)
        try tree.dropCapabilities(place)
        return content.size
    }

    /// Takes the contents of a file of the image. Returns their SHA-256.
    func fill(from content: FileContent, in tree: TreeEditor) throws(Failure) -> String {
        let file = try Self.reading { () throws(SystemError) in
            try FileDescriptor.open(path, .create, permissions: 0o600)
        }
        var hasher = FileDigest(.sha256)
        try content.pieces(in: tree) { (piece: [UInt8]) throws(Failure) in
            hasher.update(piece)
            try Self.reading { () throws(SystemError) in try file.write(piece) }
        }
        return hasher.finish()
    }

    private static func reading<Result: ~Copyable>(_ body: () throws(SystemError) -> Result) throws(Failure) -> Result {
        do throws(SystemError) { return try body() } catch {
            throw Failure(error.isNoSpace ? .exhausted : .io, "a temporary file for a transfer failed", cause: error)
        }
    }
}

extension FileContent {
    private static let zeros = [UInt8](repeating: 0, count: 1 << 20)

    /// The bytes of a file of the image, in pieces; holes as zeros.
    fileprivate func pieces(in tree: TreeEditor, _ take: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
        for extent in try extents(from: tree.objects) {
            if let bytes = try extent.data(from: tree.objects) {
                try take(bytes)
                continue
            }
            var left = extent.length
            while left > 0 {
                let count = min(left, UInt64(Self.zeros.count))
                try take(Array(Self.zeros.prefix(Int(count))))
                left -= count
            }
        }
    }

    func checksum(_ algorithm: FileDigest.Algorithm, in tree: TreeEditor) throws(Failure) -> String {
        var hasher = FileDigest(algorithm)
        try pieces(in: tree) { (piece: [UInt8]) throws(Failure) in hasher.update(piece) }
        return hasher.finish()
    }
}
