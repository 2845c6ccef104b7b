/// The write-ahead log of a SQLite database, as https://www.sqlite.org/fileformat2.html#the_write_ahead_log describes it: what a system
/// that was not shut down cleanly had committed, and not yet put into the database file.
///
/// Frames count up to the last commit whose checksums and salts all agree; what is behind was never committed.
struct WriteAheadLog {
    /// The pages of committed transactions by their place in the database file, in the order in which they were written.
    private(set) var pages: [(place: Int, bytes: ArraySlice<UInt8>)] = []
    /// In bytes, as the last commit says; nil where nothing is committed.
    private(set) var databaseSize: Int?

    static let maximumSize = 48 << 20
    private static let headerSize = 32
    private static let frameHeaderSize = 24

    /// Nil where it is no log.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.headerSize else { return nil }
        let magic = Self.be32(bytes, 0)
        guard magic & ~1 == 0x377F_0682 else { return nil }
        var sum = Checksum(isBigEndian: magic & 1 == 1)
        sum.add(bytes[0..<24])
        guard sum.isEqual(bytes, 24) else { return nil }
        let pageSize = Int(Self.be32(bytes, 8))
        guard 512...65536 ~= pageSize, pageSize & (pageSize - 1) == 0 else { return nil }
        var open: [(place: Int, bytes: ArraySlice<UInt8>)] = []
        var start = Self.headerSize
        while start + Self.frameHeaderSize + pageSize <= bytes.count {
            let data = (start + Self.frameHeaderSize)..<(start + Self.frameHeaderSize + pageSize)
            guard bytes[(start + 8)..<(start + 16)] == bytes[16..<24] else { break }
            sum.add(bytes[start..<(start + 8)])
            sum.add(bytes[data])
            guard sum.isEqual(bytes, start + 16) else { break }
            let page = Int(Self.be32(bytes, start))
            guard page > 0 else { break }
            open.append(((page - 1) * pageSize, bytes[data]))
            let size = Int(Self.be32(bytes, start + 4))
            if size > 0 {
                pages += open
                open = []
                databaseSize = size * pageSize
            }
            start = data.upperBound
        }
    }

    private static func be32(_ bytes: [UInt8], _ index: Int) -> UInt32 {
        bytes[index..<(index + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The running checksum of a log, over pairs of words.
    private struct Checksum {
        let isBigEndian: Bool
        private var first: UInt32 = 0
        private var second: UInt32 = 0

        init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

        /// A multiple of eight bytes.
        mutating func add(_ bytes: ArraySlice<UInt8>) {
            var index = bytes.startIndex
            while index + 8 <= bytes.endIndex {
                first = first &+ word(bytes, index) &+ second
                second = second &+ word(bytes, index + 4) &+ first
                index += 8
            }
        }

        func isEqual(_ bytes: [UInt8], _ index: Int) -> Bool {
            be32(bytes, index) == first && be32(bytes, index + 4) == second
        }

        private func word(_ bytes: ArraySlice<UInt8>, _ index: Int) -> UInt32 {
            let word =
                UInt32(bytes[index]) << 24 | UInt32(bytes[index + 1]) << 16 | UInt32(bytes[index + 2]) << 8
                | UInt32(bytes[index + 3])
            return isBigEndian ? word : word.byteSwapped
        }
    }
}
