/// Databases of AIDE, which note of each file its digests and times in base64. So many random letters look like every kind of credential by
/// chance; they are blanked, and all else of such a file is searched.
///
/// After the lines that begin with `@@` and `#`, each line is a path and fields with blanks between (aide.conf(5), "DATABASE").
enum DigestDatabase {
    private static let beginning = Array("@@begin_db".utf8)
    /// Times have sixteen letters.
    private static let shortest = 12

    static func recognizes(_ head: [UInt8]) -> Bool { head.starts(with: beginning) }

    /// The same number of bytes, with blanks for what can only be a digest or a time.
    static func blanked(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        var start = 0
        // The first field is a path. A piece of a database may begin within a line.
        var isFirst = true
        while start < bytes.count {
            let end = bytes[start...].firstIndex { $0 == 0x20 || $0 == 0x0A } ?? bytes.count
            if !isFirst, isBase64(bytes[start..<end]) { for index in start..<end { result[index] = 0x20 } }
            isFirst = end < bytes.count && bytes[end] == 0x0A
            start = end + 1
        }
        return result
    }

    private static func isBase64(_ field: ArraySlice<UInt8>) -> Bool {
        guard field.count >= shortest, field.count % 4 == 0 else { return false }
        let padding = field.suffix(2).count { $0 == UInt8(ascii: "=") }
        return field.dropLast(padding).allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "+"), UInt8(ascii: "/"):
                true
            default: false
            }
        }
    }
}
