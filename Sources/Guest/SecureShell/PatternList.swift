/// Patterns with commas between as ssh_config(5) has them: `*` and `?`, and a `!` before one that must not match.
enum PatternList {
    static func matches(_ text: String, _ list: String) -> Bool {
        matches(list) { Self.matches(text, pattern: $0) }
    }

    static func matches(anyOf texts: [String], _ list: String) -> Bool {
        matches(list) { pattern in texts.contains { Self.matches($0, pattern: pattern) } }
    }

    /// An address against addresses, networks such as `10.0.0.0/8`, and patterns of its text.
    static func matches(address: String, _ list: String) -> Bool {
        matches(list) { pattern in
            if let network = AddressRange(pattern), let address = AddressRange.bytes(of: address) {
                return network.contains(address)
            }
            return Self.matches(address.lowercased(), pattern: pattern.lowercased())
        }
    }

    private static func matches(_ list: String, _ fits: (String) -> Bool) -> Bool {
        var matched = false
        for pattern in list.split(separator: ",") {
            if pattern.first == "!" {
                if fits(String(pattern.dropFirst())) { return false }
            } else if fits(String(pattern)) {
                matched = true
            }
        }
        return matched
    }

    /// Takes time in proportion to both lengths, whatever they hold.
    private static func matches(_ text: String, pattern: String) -> Bool {
        let (text, pattern) = (Array(text.utf8), Array(pattern.utf8))
        var (position, part) = (0, 0)
        var lastRun: (part: Int, position: Int)?
        while position < text.count {
            if part < pattern.count, pattern[part] == UInt8(ascii: "*") {
                lastRun = (part, position)
                part += 1
            } else if part < pattern.count, pattern[part] == UInt8(ascii: "?") || pattern[part] == text[position] {
                part += 1
                position += 1
            } else if let run = lastRun {
                lastRun = (run.part, run.position + 1)
                part = run.part + 1
                position = run.position + 1
            } else {
                return false
            }
        }
        return pattern[part...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
