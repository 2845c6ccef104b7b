// Disks: what lies on a disk below its file systems, and how disks lie in files. Partition tables are read and written here; what is in a
// partition others know.
//
// Nothing that is read is believed: places are checked against the size of the file, lists have an end, chains may not lead back.

import Platform

/// Why a disk could not be read or written.
package struct DiskError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// What is there is damaged, or lies beyond a limit.
        case invalid
        /// It is sound, and of a form that is not read here.
        case unsupported
        case noSpace
        case io
        /// Who looks on did not want more.
        case cancelled
    }

    package let kind: Kind
    /// What was tried and what happened.
    package let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    init(_ error: SystemError) {
        self.init(error.isNoSpace ? .noSpace : .io, "\(error)")
    }
}

/// Who looks on while a disk is read or written: is told the place in the disk that has been reached, in bytes, and says whether to go on.
package typealias DiskProgress = (_ position: UInt64) -> Bool

extension DiskError {
    static func check(_ goesOn: DiskProgress, _ position: UInt64) throws(DiskError) {
        guard goesOn(position) else { throw DiskError(.cancelled, "the disk was not wanted any more") }
    }
}

extension FileDescriptor {
    /// Bytes of a disk; nil where it ends before.
    func bytes(at offset: UInt64, count: Int) throws(DiskError) -> [UInt8]? {
        guard let start = Int(exactly: offset), start <= Int.max - count else { return nil }
        // Room is made for what is there, and not for what a header says.
        if count > 1 << 16, try UInt64(start + count) > length() { return nil }
        var buffer = [UInt8](repeating: 0, count: count)
        do throws(SystemError) {
            return try read(into: &buffer, count: count, at: start) == count ? buffer : nil
        } catch { throw DiskError(error) }
    }

    func put(_ bytes: [UInt8], at offset: UInt64) throws(DiskError) {
        guard let start = Int(exactly: offset), start <= Int.max - bytes.count else {
            throw DiskError(.invalid, "\(path) cannot have a byte at \(offset)")
        }
        do throws(SystemError) { try write(bytes.span, at: start) } catch { throw DiskError(error) }
    }

    /// As `put`, with holes for blocks of zeros.
    func putData(_ bytes: [UInt8], at offset: UInt64) throws(DiskError) {
        do throws(SystemError) { try DiskFile.write(bytes, bytes.count, to: self, at: Int(clamping: offset)) } catch {
            throw DiskError(error)
        }
    }

    /// Where the next byte is that is in no hole.
    func data(from offset: UInt64, size: UInt64) throws(DiskError) -> UInt64? {
        guard offset < size else { return nil }
        do throws(SystemError) {
            guard let data = try nextData(from: Int(clamping: offset), size: Int(clamping: size)), !data.isEmpty else {
                return nil
            }
            return UInt64(data.lowerBound)
        } catch { throw DiskError(error) }
    }

    func setLength(_ size: UInt64) throws(DiskError) {
        do throws(SystemError) { try truncate(to: Int(clamping: size)) } catch { throw DiskError(error) }
    }

    func length() throws(DiskError) -> UInt64 {
        do throws(SystemError) { return UInt64(clamping: try size()) } catch { throw DiskError(error) }
    }
}

// Numbers as PCs store them, with the lowest byte first.
extension [UInt8] {
    func little<Number: FixedWidthInteger & UnsignedInteger>(_ offset: Int, as type: Number.Type = Number.self) -> Number {
        var result: Number = 0
        for index in stride(from: Number.bitWidth / 8 - 1, through: 0, by: -1) {
            result = result << 8 | Number(self[offset + index])
        }
        return result
    }

    mutating func putLittle<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number, at offset: Int) {
        for index in 0..<Number.bitWidth / 8 { self[offset + index] = UInt8(truncatingIfNeeded: number >> Number(8 * index)) }
    }
}
