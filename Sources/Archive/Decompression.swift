/// Bytes out of gzip, xz, zstd, bzip2, lzma or lz4; what is none of these stays as it is.
package enum Decompression {
    /// The decompressed bytes, as far as `limit`: the rest of a larger stream is left unread.
    package static func bytes(of compressed: [UInt8], limit: Int) throws(ArchiveError) -> [UInt8] {
        if compressed.isEmpty { return [] }
        var pending: [UInt8]? = compressed
        let stream = try DecompressedStream(
            ChunkSource {
                defer { pending = nil }
                return pending ?? []
            })
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let piece = unsafe try stream.next()
            if unsafe piece.isEmpty { break }
            unsafe bytes.append(contentsOf: piece.prefix(limit - bytes.count))
        }
        return bytes
    }

    /// All of the decompressed bytes; more than `limit` are an error of kind `limit`.
    package static func whole(of compressed: [UInt8], limit: Int) throws(ArchiveError) -> [UInt8] {
        let bytes = try bytes(of: compressed, limit: limit + 1)
        guard bytes.count <= limit else {
            throw ArchiveError(.limit, operation: "decompress", reason: "more than \(limit) bytes come out")
        }
        return bytes
    }
}
