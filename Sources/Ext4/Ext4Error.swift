import CExt2FS
import Glibc

/// Why a file system could not be written or read.
package struct Ext4Error: Error, Hashable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// The format cannot hold it: too large, too many, or no such thing.
        case unsupported
        /// What is read is no sound file system.
        case corrupt
        /// The host's disk is full.
        case noSpace
        /// Reading or writing failed.
        case io
        /// More was written than was counted beforehand, or a call came out of order.
        case misuse
    }

    package let kind: Kind
    /// What was tried and what happened.
    package let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}

extension Ext4Error {
    /// Of a call of libext2fs, whose codes below 256 are those of errno.
    init(_ call: String, code: errcode_t) {
        switch code {
        case 1..<256: self.init(call, errno: Int32(code))
        case EXT2_ET_EA_NO_SPACE: self.init(.unsupported, "\(call): the attributes take more than one block of 4096 bytes")
        case EXT2_ET_BLOCK_ALLOC_FAIL: self.init(.misuse, "\(call): no free block is left")
        case EXT2_ET_NO_MEMORY: self.init(.noSpace, "\(call): no memory")
        case EXT2_ET_SHORT_WRITE: self.init(.io, "\(call): not all was written")
        // Its other objections are to what it reads.
        default: self.init(.corrupt, "\(call): libext2fs error \(code - EXT2_ET_BASE)")
        }
    }

    init(_ call: String, errno code: Int32 = Glibc.errno) {
        var buffer = [CChar](repeating: 0, count: 128)
        _ = unsafe strerror_r(code, &buffer, buffer.count)
        let reason = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let isFull = code == ENOSPC || code == EDQUOT || code == EFBIG
        self.init(isFull ? .noSpace : .io, "\(call): \(reason)")
    }
}

/// Runs a call of libext2fs that gives zero or a code.
func checked(_ call: String, _ body: () -> errcode_t) throws(Ext4Error) {
    let code = body()
    if code != 0 { throw Ext4Error(call, code: code) }
}
