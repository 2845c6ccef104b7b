// Zlib: whole buffers in the zlib format (RFC 1950) by libz, which libarchive does not read by itself, gzip streams piece by piece (RFC 1952), and their CRC.

import CZlib

/// Why a buffer was not decompressed.
package enum ZlibError: Error, Hashable, Sendable, CustomStringConvertible {
    case damaged(String)
    case tooLarge(limit: Int)

    package var description: String {
        switch self {
        case .damaged(let why): "zlib: \(why)"
        case .tooLarge(let limit): "zlib: more than \(limit) bytes come out"
        }
    }
}

package enum Zlib {
    /// CRC-32 as in gzip, PNG and partition tables.
    package static func crc32(_ input: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: unsafe input.withUnsafeBufferPointer { unsafe crc32_z(0, $0.baseAddress, $0.count) })
    }

    /// A buffer in the zlib format, compressed as zlib does where nothing is asked.
    package static func compress(_ input: [UInt8]) -> [UInt8] {
        var count = compressBound(UInt(input.count))
        var output = [UInt8](repeating: 0, count: Int(count))
        let status = unsafe output.withUnsafeMutableBufferPointer { target in
            unsafe input.withUnsafeBufferPointer { source in
                unsafe compress2(target.baseAddress, &count, source.baseAddress, UInt(source.count), Z_DEFAULT_COMPRESSION)
            }
        }
        // The buffer is as large as it can be needed, so only memory can be missing, which Swift does not survive either.
        precondition(status == Z_OK, "zlib has no memory")
        return Array(output.prefix(Int(count)))
    }

    /// What a buffer in the zlib format holds; its checksum is verified.
    package static func decompress(_ input: [UInt8], limit: Int) throws(ZlibError) -> [UInt8] {
        var stream = unsafe z_stream()
        guard unsafe czlib_begin_zlib(&stream) == Z_OK else { throw .damaged("it cannot be started") }
        defer { unsafe inflateEnd(&stream) }
        var input = input
        var output: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 17)
        var status = Z_OK
        unsafe input.withUnsafeMutableBufferPointer { source in
            unsafe stream.next_in = source.baseAddress
            unsafe stream.avail_in = UInt32(clamping: source.count)
            while status == Z_OK && output.count <= limit {
                let produced = unsafe block.withUnsafeMutableBufferPointer { target in
                    unsafe stream.next_out = target.baseAddress
                    unsafe stream.avail_out = UInt32(target.count)
                    unsafe status = inflate(&stream, Z_NO_FLUSH)
                    return unsafe target.count - Int(stream.avail_out)
                }
                output += block[..<produced]
            }
        }
        if output.count > limit { throw .tooLarge(limit: limit) }
        guard status == Z_STREAM_END else { throw .damaged("the data are damaged or cut off (result \(status))") }
        return output
    }
}
