/// What can be said of a value without knowing where it comes from.
enum ValueTest {
    /// Shannon's entropy, in bits a byte.
    static func entropy(_ value: some Collection<UInt8>) -> Double {
        if value.isEmpty { return 0 }
        var counts = [Int](repeating: 0, count: 256)
        for byte in value { counts[Int(byte)] += 1 }
        let total = Double(value.count)
        return counts.reduce(0.0) { sum, count in
            if count == 0 { return sum }
            let share = Double(count) / total
            return sum - share * logarithm(share)
        }
    }

    /// log2, from the exponent and a short series: the library's needs Glibc, and this must be the same everywhere.
    static func logarithm(_ value: Double) -> Double {
        if value <= 0 { return 0 }
        let exponent = Double(value.exponent)
        // ln(m) = 2 artanh((m - 1) / (m + 1)), for 1 <= m < 2.
        let ratio = (value.significand - 1) / (value.significand + 1)
        let square = ratio * ratio
        var term = ratio
        var sum = 0.0
        for divisor in stride(from: 1.0, through: 21.0, by: 2.0) {
            sum += term / divisor
            term *= square
        }
        return exponent + 2 * sum / 0.693_147_180_559_945_3
    }

    /// Whether a token is one that a document shows: `AKIAIOSFODNN7EXAMPLE`, `ghp_xxxxxxxx`, `sk_live_1234567890`, `…abcdefghijkl`.
    static func isDummy(_ value: some Collection<UInt8>) -> Bool {
        let bytes = Array(value)
        if bytes.isEmpty { return true }
        let lower = bytes.map(lowered)
        if dummyWords.contains(where: { contains($0, in: lower) }) { return true }
        return longestRun(bytes) * 2 > max(bytes.count, 10) || longestSequence(lower) * 3 > max(bytes.count * 2, 20)
            || distinct(bytes) <= min(3, bytes.count / 4)
    }

    private static let dummyWords = [
        "example", "xxxxx", "placeholder", "changeme", "redacted", "dummy", "your_", "your-", "0123456789abcdef",
    ]
    .map { Array($0.utf8) }

    /// The longest run of one byte.
    static func longestRun(_ bytes: [UInt8]) -> Int {
        var longest = 0
        var run = 0
        var last: UInt8?
        for byte in bytes {
            run = byte == last ? run + 1 : 1
            last = byte
            longest = max(longest, run)
        }
        return longest
    }

    /// The longest run of bytes of which each is one more than the one before, `90` too.
    static func longestSequence(_ bytes: [UInt8]) -> Int {
        var longest = 0
        var run = 0
        var last: UInt8 = 0
        for byte in bytes {
            let follows = byte == last &+ 1 || (last == 0x39 && byte == 0x30) || (last == 0x39 && byte == 0x61)
            run = follows ? run + 1 : 1
            last = byte
            longest = max(longest, run)
        }
        return longest
    }

    static func distinct(_ bytes: some Collection<UInt8>) -> Int { Set(bytes).count }

    static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    static func lowered(_ bytes: some Collection<UInt8>) -> [UInt8] { bytes.map(lowered) }

    static func contains(_ needle: [UInt8], in bytes: some RandomAccessCollection<UInt8>) -> Bool {
        guard let first = needle.first, bytes.count >= needle.count else { return false }
        var start = bytes.startIndex
        let last = bytes.index(bytes.endIndex, offsetBy: -needle.count)
        while start <= last {
            if bytes[start] == first && bytes[start...].starts(with: needle) { return true }
            start = bytes.index(after: start)
        }
        return false
    }
}
