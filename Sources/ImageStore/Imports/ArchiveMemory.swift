import Crypto
import Model
import Platform

/// Which archive gave which tree: `archive-<SHA-256>` in the cache folder. It may be deleted at any time.
struct ArchiveMemory: Sendable {
    let folder: String

    /// The SHA-256 of the file's bytes, as it is compressed.
    func digest(of path: String, _ cancellation: Cancellation) throws(Failure) -> Digest {
        do throws(SystemError) {
            let file = try FileDescriptor.open(path, .read)
            var hasher = SHA256()
            var buffer = [UInt8](repeating: 0, count: 1 << 20)
            var position = 0
            while !cancellation.isCancelled {
                let got = try file.read(into: &buffer, count: buffer.count, at: position)
                if got == 0 { return hasher.finish() }
                hasher.update(buffer.span.extracting(0..<got))
                position += got
            }
        } catch {
            throw Failure(error.isNotFound ? .notFound : .io, "the archive \(path) cannot be read", cause: error)
        }
        throw Failure(.cancelled, "the import was cancelled")
    }

    /// The digest of the import's rules is part of the name: another version of the format must not find this one's trees.
    private func path(_ digest: Digest) -> String { "\(folder)/archive-1-\(digest.hex)" }

    func recall(_ digest: Digest) -> ImportResult? {
        guard let bytes = try? Files.read(path(digest)) else { return nil }
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard fields.count == 3, let root = Digest(hex: fields[0]), let files = Int(fields[1]), let size = UInt64(fields[2])
        else {
            return nil
        }
        return ImportResult(root: root, files: files, bytes: size, reused: files, skipped: [])
    }

    /// An archive with something that no image can hold is read again each time, so that it is said each time.
    func remember(_ digest: Digest, _ result: ImportResult) {
        guard result.skipped.isEmpty else { return }
        try? Files.makeFolders(folder, permissions: 0o700)
        try? Files.writeDurably(path(digest), Array("\(result.root.hex)\n\(result.files)\n\(result.bytes)\n".utf8))
    }
}
