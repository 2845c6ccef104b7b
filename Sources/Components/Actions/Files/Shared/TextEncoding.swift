import Model

/// An encoding of text that file actions know. UTF-16 and UTF-32 without a byte order in their name are little-endian. No byte order
/// mark is written.
package enum TextEncoding: String, Sendable, CaseIterable {
    case utf8 = "UTF-8"
    case utf16LittleEndian = "UTF-16LE"
    case utf16BigEndian = "UTF-16BE"
    case utf32LittleEndian = "UTF-32LE"
    case utf32BigEndian = "UTF-32BE"

    /// As documents write them; case does not count.
    package static let names: [String] = [
        "utf8", "utf-8", "utf16", "utf-16", "utf16-LE", "utf-16-LE", "utf16-BE", "utf-16-BE", "utf32", "utf-32", "utf32-LE",
        "utf-32-LE", "utf32-BE", "utf-32-BE",
    ]

    package init(named name: String) throws(Failure) {
        guard let known = Self.names.first(where: { $0.lowercased() == name.lowercased() }) else {
            throw Failure(
                .invalid, "there is no encoding '\(name.prefix(40))'", hint: "known: \(Self.names.joined(separator: ", "))")
        }
        switch known.lowercased().filter({ $0 != "-" }) {
        case "utf8": self = .utf8
        case "utf16", "utf16le": self = .utf16LittleEndian
        case "utf16be": self = .utf16BigEndian
        case "utf32", "utf32le": self = .utf32LittleEndian
        default: self = .utf32BigEndian
        }
    }

    package func encode(_ text: String) -> [UInt8] {
        switch self {
        case .utf8: Array(text.utf8)
        case .utf16LittleEndian: text.utf16.flatMap { Self.bytes(UInt32($0), 2) }
        case .utf16BigEndian: text.utf16.flatMap { Self.bytes(UInt32($0), 2).reversed() }
        case .utf32LittleEndian: text.unicodeScalars.flatMap { Self.bytes($0.value, 4) }
        case .utf32BigEndian: text.unicodeScalars.flatMap { Self.bytes($0.value, 4).reversed() }
        }
    }

    /// Without the byte order mark, where there is one at the start. `.invalid` where the bytes are not text of this encoding.
    package func decode(_ bytes: [UInt8]) throws(Failure) -> String {
        let text: String?
        switch self {
        case .utf8: text = String(validating: bytes, as: UTF8.self)
        case .utf16LittleEndian, .utf16BigEndian:
            text = units(bytes, 2).flatMap { String(validating: $0.lazy.map { UInt16($0) }, as: UTF16.self) }
        case .utf32LittleEndian, .utf32BigEndian: text = units(bytes, 4).flatMap { String(validating: $0, as: UTF32.self) }
        }
        guard let text else { throw Failure(.invalid, "it is not text in \(rawValue)") }
        return text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    }

    private static func bytes(_ value: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }

    /// Nil where the bytes are no whole number of units.
    private func units(_ bytes: [UInt8], _ size: Int) -> [UInt32]? {
        guard bytes.count.isMultiple(of: size) else { return nil }
        let isLittleEndian = self == .utf16LittleEndian || self == .utf32LittleEndian
        return stride(from: 0, to: bytes.count, by: size).map { start in
            var value: UInt32 = 0
            for offset in 0..<size {
                value = value << 8 | UInt32(bytes[start + (isLittleEndian ? size - 1 - offset : offset)])
            }
            return value
        }
    }
}

extension TextEncoding {
    static let input = InputField("encoding", .choice(names), "utf8 (default), utf16 or utf32, with -LE or -BE for a byte order")
}

extension ActionInputs {
    /// The input `encoding`.
    package func encoding() throws(Failure) -> TextEncoding { try TextEncoding(named: optionalText("encoding") ?? "utf8") }
}
