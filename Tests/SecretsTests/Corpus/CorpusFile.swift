import Secrets
import TestSupport

/// A file of a corpus, and the lines in which something must be found.
struct CorpusFile {
    let path: String
    let content: [UInt8]
    /// Counted from 1; in a file without lines, 0.
    let secretLines: Set<Int>

    init(_ path: String, _ content: [UInt8], secretLines: Set<Int>) {
        self.path = path
        self.content = content
        self.secretLines = secretLines
    }

    /// Text in which `«…»` marks a secret that must be found; the marks are taken out. Tokens of `values` are filled in before.
    init(_ path: String, marked text: String) {
        var lines: Set<Int> = []
        for (index, line) in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where line.contains("«") {
            lines.insert(index + 1)
        }
        self.init(path, Array(String(text.unicodeScalars.filter { $0 != "«" && $0 != "»" }).utf8), secretLines: lines)
    }
}

/// What a scanner made of a corpus.
struct CorpusScore {
    private(set) var planted = 0
    private(set) var found = 0
    private(set) var findings = 0
    private(set) var right = 0
    private(set) var missed: [String] = []
    private(set) var wrong: [String] = []

    var recall: Double { planted == 0 ? 1 : Double(found) / Double(planted) }
    var precision: Double { findings == 0 ? 1 : Double(right) / Double(findings) }

    init(_ files: [CorpusFile], _ scanner: SecretScanner) throws {
        for file in files {
            let places = try scanner.findings(in: file.content, path: file.path)
            // Several findings of one line count once: they are one thing to look at.
            let lines = Set(places.map { file.secretLines == [0] ? 0 : $0.line ?? 0 })
            planted += file.secretLines.count
            found += file.secretLines.intersection(lines).count
            findings += lines.count
            right += lines.intersection(file.secretLines).count
            for line in file.secretLines.subtracting(lines).sorted() { missed.append("\(file.path):\(line)") }
            for place in places where !file.secretLines.contains(file.secretLines == [0] ? 0 : place.line ?? 0) {
                wrong.append("\(place.place) \(place.rule)")
            }
        }
    }
}

/// Made-up values of many forms.
struct CorpusValues {
    private var random: SeededRandom

    init(_ seed: UInt64) { random = SeededRandom(seed) }

    mutating func text(_ alphabet: String, _ count: Int) -> String {
        let letters = Array(alphabet)
        return String((0..<count).map { _ in letters[random.below(letters.count)] })
    }

    mutating func hex(_ count: Int) -> String { text("0123456789abcdef", count) }
    mutating func alphanumeric(_ count: Int) -> String {
        text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", count - 2) + "4q"
    }
    mutating func base64(_ count: Int) -> String {
        text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", count)
    }
    mutating func crypt(_ count: Int) -> String {
        text("./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", count)
    }
    mutating func uuid() -> String { "\(hex(8))-\(hex(4))-4\(hex(3))-a\(hex(3))-\(hex(12))" }
    mutating func below(_ limit: Int) -> Int { random.below(limit) }
    mutating func bytes(_ count: Int) -> [UInt8] { random.bytes(count) }

    /// As people choose them, of changing strength.
    mutating func password() -> String {
        let words = ["winter", "Falcon", "summer", "Tiger", "orange", "Copper", "hammer", "Viking", "pepper", "Rocket"]
        let word = words[below(words.count)]
        switch below(6) {
        case 0: return "\(word)\(text("0123456789", 4))"
        case 1: return "\(word)!\(text("23456789", 2))"
        case 2:
            return "\(text("abcdefghjkmnpqrstuvwxyz", 3))\(text("ABCDEFGHJKLMN", 2))\(text("23456789", 3))#\(text("abcdefgh", 2))"
        case 3: return alphanumeric(16)
        case 4: return "\(word)_\(text("0123456789", 3))\(text("XYZW", 2))"
        default: return "\(text("abcdefghjkmnpqrstuvwxyz23456789", 11))7"
        }
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

    static func encode(_ bytes: [UInt8]) -> String {
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = (0..<3).map { start + $0 < bytes.count ? UInt32(bytes[start + $0]) : 0 }
            let bits = group[0] << 16 | group[1] << 8 | group[2]
            for index in 0..<4 {
                text.append(
                    start + index - 1 < bytes.count || index < 2 ? alphabet[Int(bits >> UInt32(18 - 6 * index)) & 63] : "=")
            }
        }
        return text
    }

    /// An Ed25519 key in PKCS#8 (RFC 8410).
    mutating func keyDER() -> [UInt8] {
        [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20] + bytes(32)
    }

    mutating func pem(_ label: String = "PRIVATE KEY", separator: String = "\n") -> String {
        "-----BEGIN \(label)-----\(separator)\(Self.encode(keyDER()))\(separator)-----END \(label)-----"
    }

    /// With the checksum that GitHub and npm put at the end.
    mutating func checked(_ prefix: String) -> String {
        let payload = alphanumeric(30)
        var crc = ~UInt32(0)
        for byte in payload.utf8 {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        var rest = ~crc
        let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        var sum = ""
        for _ in 0..<6 {
            sum = String(digits[Int(rest % 62)]) + sum
            rest /= 62
        }
        return prefix + payload + sum
    }
}
