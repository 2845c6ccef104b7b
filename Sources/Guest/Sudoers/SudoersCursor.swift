/// Reads a line of sudoers piece by piece.
struct SudoersCursor {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position >= bytes.count || bytes[position] == UInt8(ascii: "#") && !isNumberSign }

    /// `#1000` and `#-1` are ids.
    private var isNumberSign: Bool {
        guard position + 1 < bytes.count else { return false }
        return (0x30...0x39).contains(bytes[position + 1]) || bytes[position + 1] == UInt8(ascii: "-")
    }

    mutating func skipBlanks() {
        while position < bytes.count, [0x20, 0x09, 0x0D].contains(bytes[position]) { position += 1 }
    }

    /// Takes a character behind blanks.
    mutating func take(_ character: Character) -> Bool {
        let start = position
        skipBlanks()
        if position < bytes.count, bytes[position] == character.asciiValue {
            position += 1
            return true
        }
        position = start
        return false
    }

    /// All that is left, without a comment.
    mutating func rest() -> String {
        defer { position = bytes.count }
        return String(decoding: bytes[position...], as: UTF8.self)
    }

    /// A name: in quotes, or up to a blank or one of the signs between names. A backslash takes the next character literally.
    mutating func name(until stops: String = ",:=()!") -> String? {
        skipBlanks()
        if isAtEnd { return nil }
        if bytes[position] == UInt8(ascii: "\"") { return quoted() }
        let stops = Array(stops.utf8)
        var name: [UInt8] = []
        while position < bytes.count, !stops.contains(bytes[position]), ![0x20, 0x09, 0x0D].contains(bytes[position]) {
            if bytes[position] == 0x5C, position + 1 < bytes.count { position += 1 }
            // `%"domain users"`
            if bytes[position] == UInt8(ascii: "\"") {
                guard let text = quoted() else { return nil }
                name += Array(text.utf8)
                continue
            }
            name.append(bytes[position])
            position += 1
        }
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }

    /// A command with its arguments, with one blank between: up to a comma or colon that no backslash goes before.
    mutating func command() -> String? {
        skipBlanks()
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "#") { break }
            // `:` begins another host list, but stands in a digest `sha256:…` as well.
            if byte == UInt8(ascii: ":"), !Self.isDigest(text) { break }
            if byte == 0x5C, position + 1 < bytes.count, ",:=\\#".utf8.contains(bytes[position + 1]) { position += 1 }
            text.append(bytes[position])
            position += 1
        }
        let words = String(decoding: text, as: UTF8.self).split { $0 == " " || $0 == "\t" }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    private static func isDigest(_ text: [UInt8]) -> Bool {
        ["sha224", "sha256", "sha384", "sha512"].contains(String(decoding: text.suffix(6), as: UTF8.self))
    }

    /// One of some words, where a sign follows it: `NOPASSWD:`, `CWD=`.
    mutating func keyword(before sign: Character, of words: Set<String>) -> String? {
        let start = position
        skipBlanks()
        var end = position
        while end < bytes.count, (0x41...0x5A).contains(bytes[end]) || bytes[end] == 0x5F { end += 1 }
        var next = end
        while next < bytes.count, bytes[next] == 0x20 || bytes[next] == 0x09 { next += 1 }
        let word = String(decoding: bytes[position..<end], as: UTF8.self)
        guard next < bytes.count, bytes[next] == sign.asciiValue, words.contains(word) else {
            position = start
            return nil
        }
        position = next + 1
        return word
    }

    private mutating func quoted() -> String? {
        position += 1
        var text: [UInt8] = []
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == 0x5C, position + 1 < bytes.count { position += 1 }
            text.append(bytes[position])
            position += 1
        }
        guard position < bytes.count else { return nil }
        position += 1
        return String(decoding: text, as: UTF8.self)
    }
}
