/// The records of a SQLite database that lie anywhere in its pages: of live rows, of deleted ones, and of tables that were dropped.
///
/// A record (https://www.sqlite.org/fileformat2.html, "Record Format") is the length of its header, a type for each column, and the values.
/// It is told by its types: their number and kinds have to fit the table, and texts have to be text. So no b-tree is read, and none can
/// lead astray.
struct SQLitePages {
    private let bytes: [UInt8]
    private let pageSize: Int
    /// Without what an extension reserved at a page's end.
    private let usableSize: Int
    /// Places, types and bytes of texts that were looked at.
    private var steps = 0
    /// Whether the database was not looked at any further.
    var isExhausted: Bool { steps > Self.maximumSteps }

    /// No honest database of the size that parsers see comes near it; it takes a second or two.
    private static let maximumSteps = 200_000_000

    static let magic = Array("SQLite format 3\0".utf8)

    /// Nil where the bytes are no database whose texts are UTF-8.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 100, bytes.starts(with: Self.magic), bytes[59] == 1 else { return nil }
        let size = Int(bytes[16]) << 8 | Int(bytes[17])
        pageSize = size == 1 ? 65536 : size
        guard pageSize >= 512, pageSize.nonzeroBitCount == 1 else { return nil }
        usableSize = pageSize - Int(bytes[20])
        guard usableSize >= 480 else { return nil }
        self.bytes = bytes
    }

    /// Calls `body` with the places of the columns of each record that a table may have had; nil for what is not in the page.
    mutating func forEachRecord(of table: SQLiteTable, _ body: ([Range<Int>?]) -> Void) {
        for page in stride(from: 0, to: bytes.count, by: pageSize) {
            if isExhausted { return }
            let end = min(bytes.count, page + usableSize)
            // Cells in use are where the page says; between them, a record may begin anywhere.
            var position = page
            for cell in cells(page, end) {
                for place in position..<max(position, cell.start) { read(table, at: place, end, body) }
                read(table, at: cell.record, end, body)
                position = max(position, cell.end)
            }
            for place in position..<end { read(table, at: place, end, body) }
            for block in freeBlocks(page, end) { carve(table, block, end, body) }
        }
    }

    private mutating func read(_ table: SQLiteTable, at position: Int, _ end: Int, _ body: ([Range<Int>?]) -> Void) {
        steps += 1
        let length = Int(bytes[position])
        // A header of one byte for the length, and one to three for each type.
        guard !isExhausted, length > 1, length <= 1 + 3 * table.columns.count, length < 0x80,
            position + length <= end
        else { return }
        if let columns = columns(of: table, from: 0, types: (position + 1)..<(position + length), end: end) { body(columns) }
    }

    /// The cells in use of a leaf of a table, ascending: where each begins, where its record does, and where it ends.
    private func cells(_ page: Int, _ end: Int) -> [(start: Int, record: Int, end: Int)] {
        let header = page == 0 ? 100 : page
        guard header + 8 <= end, bytes[header] == 0x0D else { return [] }
        var cells: [(start: Int, record: Int, end: Int)] = []
        for index in 0..<number(header + 3) {
            let pointer = header + 8 + 2 * index
            guard pointer + 2 <= end else { return [] }
            let start = page + number(pointer)
            guard start > pointer, let payload = varint(start, end) else { return [] }
            // The row's number has up to nine bytes.
            var record = payload.end
            while record < end && record < payload.end + 8 && bytes[record] >= 0x80 { record += 1 }
            guard record + 1 < end else { return [] }
            cells.append((start, record + 1, min(end, record + 1 + payload.value)))
        }
        return cells.sorted { $0.start < $1.start }
    }

    /// The first four bytes of a freed cell are gone, and with them the length of its header, and the first type of a small row.
    private mutating func carve(_ table: SQLiteTable, _ block: Range<Int>, _ end: Int, _ body: ([Range<Int>?]) -> Void) {
        guard table.columns.count >= 2 else { return }
        for position in block where !isExhausted {
            for first in 0...1 {
                var place = position
                for _ in first..<table.columns.count where place < end { place = varint(place, end)?.end ?? end }
                steps += table.columns.count
                guard place < end else { continue }
                if let columns = columns(of: table, from: first, types: position..<place, end: end) { body(columns) }
            }
        }
    }

    /// The free blocks of a leaf of a table, as its header chains them: ascending.
    private func freeBlocks(_ page: Int, _ end: Int) -> [Range<Int>] {
        let header = page == 0 ? 100 : page
        guard header + 8 <= end, bytes[header] == 0x0D else { return [] }
        var blocks: [Range<Int>] = []
        var next = page + number(header + 1)
        var lowest = header + 8
        while next >= lowest, next + 4 <= end, next > page {
            let size = number(next + 2)
            guard size >= 4, next + size <= end else { break }
            blocks.append((next + 4)..<(next + size))
            lowest = next + size
            next = page + number(next)
        }
        return blocks
    }

    /// Where the values are, if the types are ones that the table's columns can have.
    private mutating func columns(of table: SQLiteTable, from first: Int, types: Range<Int>, end: Int) -> [Range<Int>?]? {
        var columns: [Range<Int>?] = Array(repeating: nil, count: first)
        var position = types.lowerBound
        var value = types.upperBound
        while position < types.upperBound {
            steps += 1
            guard columns.count < table.columns.count, let (type, next) = varint(position, types.upperBound),
                let size = Self.size(type), table.columns[columns.count].affinity.allows(type)
            else { return nil }
            position = next
            let place = value..<(value + size)
            // A text that goes on in another page is not looked at, nor what is behind it.
            if place.upperBound <= end {
                if type >= 13 && type % 2 == 1 {
                    steps += place.count
                    if !isText(place) { return nil }
                }
                columns.append(place)
            } else {
                columns.append(nil)
            }
            value += size
        }
        // A row of before a column was added has fewer.
        guard columns.count >= min(2, table.columns.count), value > types.upperBound else { return nil }
        return columns
    }

    private func isText(_ range: Range<Int>) -> Bool {
        for position in range {
            let byte = bytes[position]
            if byte < 0x20 && !(0x09...0x0D).contains(byte) || byte == 0x7F { return false }
        }
        return true
    }

    /// The bytes of a value of a serial type; nil for one that there is not, or that is too large to be of use.
    private static func size(_ type: Int) -> Int? {
        switch type {
        case 0, 8, 9: 0
        case 1...4: type
        case 5: 6
        case 6, 7: 8
        case 12...: (type - 12) / 2
        default: nil
        }
    }

    /// A number of up to three bytes of seven bits, and where it ends.
    private func varint(_ start: Int, _ end: Int) -> (value: Int, end: Int)? {
        guard start < end else { return nil }
        var value = 0
        for position in start..<min(start + 3, end) {
            value = value << 7 | Int(bytes[position] & 0x7F)
            if bytes[position] < 0x80 { return (value, position + 1) }
        }
        return nil
    }

    private func number(_ position: Int) -> Int { Int(bytes[position]) << 8 | Int(bytes[position + 1]) }
}

/// A table by the statement that made it.
struct SQLiteTable: Hashable {
    let columns: [Column]

    struct Column: Hashable {
        let name: String
        let affinity: Affinity
    }

    enum Affinity {
        case integer, text, any

        /// Whether a value of a serial type can stand in such a column.
        func allows(_ type: Int) -> Bool {
            switch self {
            case .integer: type < 10
            case .text: type == 0 || type >= 13 && type % 2 == 1
            case .any: true
            }
        }
    }

    private static let statement = Array("CREATE TABLE".utf8)
    private static let longestStatement = 16 << 10
    private static let mostTables = 500
    private static let mostColumns = 100

    /// The tables whose statements are anywhere in a database, those of dropped ones too.
    static func all(in bytes: [UInt8]) -> [SQLiteTable] {
        var tables: [SQLiteTable] = []
        var seen: Set<SQLiteTable> = []
        for position in bytes.indices where bytes[position] == statement[0] && bytes[position...].starts(with: statement) {
            guard let table = SQLiteTable(bytes[position...].prefix(longestStatement)), seen.insert(table).inserted else {
                continue
            }
            tables.append(table)
            if tables.count == mostTables { break }
        }
        return tables
    }

    /// Nil where the text is no whole statement.
    private init?(_ text: ArraySlice<UInt8>) {
        guard let open = text.prefix(400).firstIndex(of: UInt8(ascii: "(")) else { return nil }
        var columns: [Column] = []
        var depth = 0
        var quote: UInt8?
        var start = open + 1
        for position in open..<text.endIndex {
            let byte = text[position]
            if let open = quote {
                if byte == open { quote = nil }
                continue
            }
            switch byte {
            case 0: return nil
            case 0x22, 0x27, 0x60: quote = byte
            case UInt8(ascii: "["): quote = UInt8(ascii: "]")
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            default: break
            }
            guard depth == 0 || depth == 1 && byte == UInt8(ascii: ",") else { continue }
            if let column = Column(text[start..<position]) { columns.append(column) }
            start = position + 1
            if depth == 0 { break }
        }
        guard depth == 0, (1...Self.mostColumns).contains(columns.count) else { return nil }
        self.columns = columns
    }
}

extension SQLiteTable.Column {
    private static let constraints: Set<String> = ["constraint", "primary", "unique", "check", "foreign"]

    /// Nil for a constraint.
    init?(_ definition: ArraySlice<UInt8>) {
        let words = definition.split { ByteSet(" \t\r\n").contains($0) }.prefix(4).map { String(decoding: $0, as: UTF8.self) }
        guard let first = words.first, !Self.constraints.contains(first.lowercased()) else { return nil }
        name = first.filter { !"\"'`[]".contains($0) }
        let type = words.dropFirst().first?.lowercased() ?? ""
        if type.contains("int") {
            affinity = .integer
        } else if type.contains("char") || type.contains("clob") || type.contains("text") {
            affinity = .text
        } else {
            affinity = .any
        }
    }
}
