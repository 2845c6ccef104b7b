import Model

/// One header of an rpm database: tags with typed values.
///
///     count: be32   size: be32   count × (tag, type, offset, number: be32)   size bytes of data
///
/// The bytes are hostile: every offset is checked when its tag is read, and a tag whose data does not fit is not there.
struct RPMHeader {
    private let bytes: ArraySlice<UInt8>
    private let data: Int
    private var entries: [UInt32: Entry] = [:]

    private struct Entry {
        let type: UInt32
        let offset: Int
        let count: Int
    }

    /// rpm's own limit.
    private static let maximumEntries = 0xFFFF
    /// rpm allows 256 MiB; the header of a package with 100,000 files has less than 16.
    static let maximumData = 32 << 20
    /// No array of a header has more elements.
    private static let maximumElements = 500_000

    /// Nil where the bytes are no header.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count >= 8 else { return nil }
        let count = Int(Self.be32(bytes, bytes.startIndex))
        let size = Int(Self.be32(bytes, bytes.startIndex + 4))
        guard 1...Self.maximumEntries ~= count, 0...Self.maximumData ~= size, bytes.count >= 8 + 16 * count + size else {
            return nil
        }
        self.bytes = bytes[..<(bytes.startIndex + 8 + 16 * count + size)]
        data = bytes.startIndex + 8 + 16 * count
        for index in 0..<count {
            let start = bytes.startIndex + 8 + 16 * index
            let offset = Self.be32(bytes, start + 8)
            guard offset <= size else { continue }
            let entry = Entry(
                type: Self.be32(bytes, start + 4), offset: Int(offset), count: Int(Self.be32(bytes, start + 12)))
            let tag = Self.be32(bytes, start)
            if entries[tag] == nil { entries[tag] = entry }
        }
    }

    /// A string, or the first of several.
    func string(_ tag: Tag) -> String? {
        guard let entry = entries[tag.rawValue], [6, 8, 9].contains(entry.type), entry.count > 0 else { return nil }
        return terminated(from: data + entry.offset).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes of all strings of an array; fewer than it claims where they do not fit.
    func strings(_ tag: Tag) -> [ArraySlice<UInt8>] {
        guard let entry = entries[tag.rawValue], [6, 8, 9].contains(entry.type) else { return [] }
        var result: [ArraySlice<UInt8>] = []
        var next = data + entry.offset
        while result.count < min(entry.count, Self.maximumElements), let text = terminated(from: next) {
            result.append(text)
            next = text.endIndex + 1
        }
        return result
    }

    /// Unsigned numbers of 16, 32 or 64 bits.
    func numbers(_ tag: Tag) -> [UInt64] {
        guard let entry = entries[tag.rawValue] else { return [] }
        let width: Int
        switch entry.type {
        case 1, 2: width = 1
        case 3: width = 2
        case 4: width = 4
        case 5: width = 8
        default: return []
        }
        let start = data + entry.offset
        let count = min(entry.count, (bytes.endIndex - start) / width, Self.maximumElements)
        return (0..<max(0, count)).map { index in
            bytes[(start + index * width)..<(start + (index + 1) * width)].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    func number(_ tag: Tag) -> UInt64? { numbers(tag).first }

    private func terminated(from start: Int) -> ArraySlice<UInt8>? {
        guard start < bytes.endIndex, let end = bytes[start...].firstIndex(of: 0) else { return nil }
        return bytes[start..<end]
    }

    private static func be32(_ bytes: ArraySlice<UInt8>, _ index: Int) -> UInt32 {
        UInt32(bytes[index]) << 24 | UInt32(bytes[index + 1]) << 16 | UInt32(bytes[index + 2]) << 8 | UInt32(bytes[index + 3])
    }
}

extension RPMHeader {
    /// The tags that are read here, see rpmtag.h.
    enum Tag: UInt32 {
        case name = 1000
        case version = 1001
        case release = 1002
        case epoch = 1003
        case summary = 1004
        case size = 1009
        case vendor = 1011
        case license = 1014
        case packager = 1015
        case url = 1020
        case architecture = 1022
        case oldFileNames = 1027
        case fileStates = 1029
        case fileDigests = 1035
        case fileFlags = 1037
        case sourceRPM = 1044
        case provides = 1047
        case requires = 1049
        case folderIndexes = 1116
        case baseNames = 1117
        case folderNames = 1118
        case longSize = 5009
        case fileDigestAlgorithm = 5011
        case modularityLabel = 5096
    }
}
