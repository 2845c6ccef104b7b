import ImageStore
import Model

/// A hash database of Berkeley DB, as rpm before version 4.16 has it (`Packages`), in either byte order.
///
///     page 0        12: magic 0x061561   20: page size   25: type 8   32: last page
///     other pages   8: page   12: previous   16: next   20: entries   22: offset of the lowest item   25: type   26…: offsets of items
///     type 13, 2    items in pairs, key and value; the first byte of an item says what it is: 1 the bytes themselves, 3 a chain of
///                   overflow pages (4: first page, 8: length)
///     type 7        an overflow page: 22 is the number of bytes from 26 on, 16 the next page or 0
struct BerkeleyHash {
    private let bytes: [UInt8]
    private let file: TreePath
    private let isBigEndian: Bool
    private let pageSize: Int
    private let pages: Int

    private static let headerSize = 26

    init(_ bytes: [UInt8], file: TreePath) throws(Failure) {
        self.bytes = bytes
        self.file = file
        guard bytes.count >= 512 else { throw RPMDatabase.damaged(file, "it is shorter than a page") }
        if bytes[12..<16].elementsEqual([0x61, 0x15, 0x06, 0x00]) {
            isBigEndian = false
        } else if bytes[12..<16].elementsEqual([0x00, 0x06, 0x15, 0x61]) {
            isBigEndian = true
        } else {
            throw RPMDatabase.damaged(file, "it does not begin as a hash of Berkeley DB")
        }
        let size = Self.number(bytes, 20, 4, isBigEndian)
        guard 512...65536 ~= size, size & (size - 1) == 0, bytes[25] == 8 else {
            throw RPMDatabase.damaged(file, "its first page is not that of a hash")
        }
        guard bytes[24] == 0 else { throw RPMDatabase.damaged(file, "it is encrypted") }
        pageSize = size
        pages = bytes.count / size
        guard Self.number(bytes, 32, 4, isBigEndian) < pages else {
            throw RPMDatabase.damaged(file, "pages are missing at its end")
        }
    }

    /// The values of all keys but the first, which counts packages.
    func forEachValue(_ body: (ArraySlice<UInt8>) throws(Failure) -> Void) throws(Failure) {
        var total = 0
        for page in 1..<max(1, pages) where [13, 2].contains(bytes[page * pageSize + 25]) {
            let items = try itemOffsets(page)
            for index in stride(from: 1, to: items.count, by: 2) {
                guard try item(page, items, index - 1).contains(where: { $0 != 0 }) else { continue }
                let value = try item(page, items, index)
                // Chains that share pages would multiply their cost.
                total += value.count
                guard total <= bytes.count else { throw RPMDatabase.damaged(file, "its values overlap") }
                try body(value)
            }
        }
    }

    private func itemOffsets(_ page: Int) throws(Failure) -> [Int] {
        let start = page * pageSize
        let count = number(start + 20, 2)
        guard count.isMultiple(of: 2), Self.headerSize + 2 * count <= pageSize else {
            throw RPMDatabase.damaged(file, "page \(page) claims \(count) items")
        }
        let offsets = (0..<count).map { number(start + Self.headerSize + 2 * $0, 2) }
        guard offsets.allSatisfy({ Self.headerSize + 2 * count <= $0 && $0 < pageSize }) else {
            throw RPMDatabase.damaged(file, "an item of page \(page) is not in it")
        }
        return offsets
    }

    /// Items lie from the end of the page downwards, so one ends where the one before it begins.
    private func item(_ page: Int, _ offsets: [Int], _ index: Int) throws(Failure) -> ArraySlice<UInt8> {
        let start = page * pageSize + offsets[index]
        let end = page * pageSize + (index == 0 ? pageSize : offsets[index - 1])
        guard start < end else { throw RPMDatabase.damaged(file, "the items of page \(page) overlap") }
        switch bytes[start] {
        case 1: return bytes[(start + 1)..<end]
        case 3 where end - start >= 12: return try chain(from: number(start + 4, 4), length: number(start + 8, 4))
        default: throw RPMDatabase.damaged(file, "an item of page \(page) is of the unknown kind \(bytes[start])")
        }
    }

    private func chain(from first: Int, length: Int) throws(Failure) -> ArraySlice<UInt8> {
        guard length <= min(bytes.count, RPMHeader.maximumData) else {
            throw RPMDatabase.damaged(file, "a value claims \(length) bytes")
        }
        var value: [UInt8] = []
        value.reserveCapacity(length + pageSize)
        var page = first
        while value.count < length {
            guard 1..<pages ~= page, bytes[page * pageSize + 25] == 7 else {
                throw RPMDatabase.damaged(file, "a value goes on in page \(page), which is no overflow page")
            }
            let start = page * pageSize
            let count = number(start + 22, 2)
            // An empty page in a chain could go round for ever.
            guard 1...(pageSize - Self.headerSize) ~= count else {
                throw RPMDatabase.damaged(file, "overflow page \(page) claims \(count) bytes")
            }
            value += bytes[(start + Self.headerSize)..<(start + Self.headerSize + count)]
            page = number(start + 16, 4)
        }
        return value[..<length]
    }

    private func number(_ index: Int, _ width: Int) -> Int { Self.number(bytes, index, width, isBigEndian) }

    private static func number(_ bytes: [UInt8], _ index: Int, _ width: Int, _ isBigEndian: Bool) -> Int {
        let part = bytes[index..<(index + width)]
        return isBigEndian ? part.reduce(0) { $0 << 8 | Int($1) } : part.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
