/// Reads columns of SQLite databases whose name says that they hold credentials, and rows that have such a name in one column and a value in
/// another: of live rows, and of what deleted rows and dropped tables left in the file.
struct SQLiteColumns: FileParser {
    static let rule = SecretRule("file-sqlite-column", "Credential in a column of a database", .database, .high)

    let kind = "sqlite"
    let rules = [rule]
    let names = NameTest()

    func recognizes(_ head: ArraySlice<UInt8>) -> Bool { head.starts(with: SQLitePages.magic) }

    private static let nameColumns: Set<String> = [
        "name", "key", "setting", "option", "option_name", "config_key", "property", "parameter", "variable", "setting_name",
        "path",
    ]
    private static let valueColumns: Set<String> = [
        "value", "val", "option_value", "config_value", "setting_value", "data", "content",
    ]

    private static let mostTables = 24
    private static let mostRecords = 50_000

    func find(in content: Content, _ found: inout [Candidate]) { _ = search(content, &found) }

    func search(_ content: Content, _ found: inout [Candidate]) -> String? {
        guard var pages = SQLitePages(content.bytes) else { return nil }
        let tables = SQLiteTable.all(in: content.bytes).map { ($0, Credentials($0)) }.filter { !$0.1.isEmpty }
        var candidates: [Candidate] = []
        var records = 0
        for (table, credentials) in tables.prefix(Self.mostTables) {
            pages.forEachRecord(of: table) { columns in
                records += 1
                if records <= Self.mostRecords { credentials.find(columns, content.bytes, &candidates) }
            }
        }
        found += candidates
        let isWhole = !pages.isExhausted && records <= Self.mostRecords && tables.count <= Self.mostTables
        return isWhole ? nil : "it has more tables, rows or places for rows than a database is searched for"
    }

    /// Where a table's credentials are.
    private struct Credentials {
        private var columns: [(index: Int, name: CredentialName)] = []
        private var pair: (name: Int, value: Int)?

        var isEmpty: Bool { columns.isEmpty && pair == nil }

        init(_ table: SQLiteTable) {
            for (index, column) in table.columns.enumerated() where column.affinity != .integer {
                if let name = CredentialName(column.name.utf8) { columns.append((index, name)) }
            }
            let names = table.columns.map { $0.name.lowercased() }
            if let name = names.firstIndex(where: { nameColumns.contains($0) }),
                let value = names.firstIndex(where: { valueColumns.contains($0) })
            {
                pair = (name, value)
            }
        }

        func find(_ record: [Range<Int>?], _ bytes: [UInt8], _ found: inout [Candidate]) {
            for (index, name) in columns where index < record.count { judge(record[index], name, bytes, &found) }
            guard let pair, max(pair.name, pair.value) < record.count, let key = record[pair.name],
                (1...120).contains(key.count), let name = CredentialName(bytes[key])
            else { return }
            judge(record[pair.value], name, bytes, &found)
        }

        private func judge(_ range: Range<Int>?, _ name: CredentialName, _ bytes: [UInt8], _ found: inout [Candidate]) {
            guard let range, ValueJudge.isCredential(bytes[range], name, isLiteral: true, inSettings: true) else { return }
            found.append(Candidate(rule, range, .parser))
        }
    }

    /// A database of one page for the schema and one for a table, see the file format.
    func canary(_ values: inout CanaryValues) -> CanaryFile {
        let schema = "CREATE TABLE accounts(login text, password text)"
        let row = Self.record(["canary", values.password()])
        let entry = Self.record(["table", "accounts", "accounts", "", schema])
        var bytes = SQLitePages.magic + [2, 0, 1, 1, 0, 64, 32, 32]
        bytes += [UInt8](repeating: 0, count: 56 - bytes.count) + [0, 0, 0, 1]
        bytes += [UInt8](repeating: 0, count: 100 - bytes.count)
        bytes += Self.leaf(entry, room: 412, pageSize: 512)
        return CanaryFile("/var/lib/canary/canary.db", bytes: bytes + Self.leaf(row, room: 512, pageSize: 512))
    }

    /// Texts of fewer than 58 bytes each, but for the last.
    private static func record(_ texts: [String]) -> [UInt8] {
        let types = texts.flatMap { text -> [UInt8] in
            let type = 13 + 2 * text.utf8.count
            return type < 0x80 ? [UInt8(type)] : [UInt8(0x80 | type >> 7), UInt8(type & 0x7F)]
        }
        return [UInt8(types.count + 1)] + types + texts.flatMap { Array($0.utf8) }
    }

    /// A leaf with one cell at its end.
    private static func leaf(_ record: [UInt8], room: Int, pageSize: Int) -> [UInt8] {
        let cell = [UInt8(record.count), 1] + record
        let start = pageSize - cell.count
        let header = [0x0D, 0, 0, 0, 1, UInt8(start >> 8), UInt8(start & 255), 0, UInt8(start >> 8), UInt8(start & 255)]
        return header + [UInt8](repeating: 0, count: room - header.count - cell.count) + cell
    }
}
