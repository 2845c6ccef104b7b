/// The words of a line of sshd's configuration, as OpenSSH parts them.
enum SecureShellWords {
    /// Keyword and arguments of a line, and all behind the keyword as it stands; nil for a comment or where quotes are not closed.
    ///
    /// The keyword ends at a blank, a quote or one `=`. Quotes hold blanks together in arguments, and a backslash takes a quote,
    /// another backslash or, outside of quotes, a blank literally. A word that begins with `#` ends the line.
    static func parse(_ line: String) -> (key: String, arguments: [String], rest: String)? {
        guard let first = line.first, first != "#" else { return nil }
        var rest = Array(line.utf8)[...]
        let key = rest.prefix { !isBlank($0) && $0 != UInt8(ascii: "=") && $0 != quote }
        guard !key.isEmpty else { return nil }
        rest = rest[key.endIndex...].drop(while: isBlank)
        if rest.first == UInt8(ascii: "=") { rest = rest.dropFirst().drop(while: isBlank) }
        guard let arguments = split(rest) else { return nil }
        return (String(decoding: key, as: UTF8.self).lowercased(), arguments, String(decoding: rest, as: UTF8.self))
    }

    /// Nil where a quote is not closed.
    static func split(_ text: ArraySlice<UInt8>) -> [String]? {
        var words: [String] = []
        var rest = text
        while true {
            rest = rest.drop(while: isBlank)
            guard let first = rest.first, first != UInt8(ascii: "#") else { return words }
            guard let word = word(&rest) else { return nil }
            words.append(word)
        }
    }

    private static let quote = UInt8(ascii: "\"")
    private static let apostrophe = UInt8(ascii: "'")
    private static let backslash = UInt8(ascii: "\\")

    private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0C, 0x0D].contains(byte) }

    private static func word(_ rest: inout ArraySlice<UInt8>) -> String? {
        var word: [UInt8] = []
        var open: UInt8?
        while let byte = rest.first, open != nil || !isBlank(byte) {
            rest = rest.dropFirst()
            if byte == backslash, let next = rest.first,
                [quote, apostrophe, backslash].contains(next) || (open == nil && next == 0x20)
            {
                word.append(next)
                rest = rest.dropFirst()
            } else if open == nil, byte == quote || byte == apostrophe {
                open = byte
            } else if byte == open {
                open = nil
            } else {
                word.append(byte)
            }
        }
        return open == nil ? String(decoding: word, as: UTF8.self) : nil
    }
}
