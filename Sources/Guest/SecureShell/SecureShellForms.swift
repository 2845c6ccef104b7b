/// How sshd writes the values of options with forms of their own. What it would refuse stays as it stands.
enum SecureShellForms {
    /// `1h30m` in seconds, `none` as it is.
    static func seconds(_ text: String) -> String {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800]
        var total = 0
        var digits = ""
        for character in text.lowercased() {
            if character.isASCII && character.isNumber {
                digits.append(character)
            } else {
                guard let unit = units[character], let number = UInt32(digits) else { return text }
                total += Int(number) * unit
                digits = ""
            }
        }
        if !digits.isEmpty {
            guard let number = UInt32(digits) else { return text }
            total += Int(number)
        }
        return text.isEmpty ? text : String(total)
    }

    /// A mode with one leading zero.
    static func octal(_ arguments: [String]) -> [String] {
        guard let text = arguments.first, let mode = UInt16(text, radix: 8) else { return arguments }
        return ["0" + String(mode, radix: 8)]
    }

    /// `start:rate:full`
    static func startups(_ arguments: [String]) -> [String] {
        let numbers = arguments.first?.split(separator: ":").compactMap { UInt16($0) } ?? []
        switch numbers.count {
        case 1: return ["\(numbers[0]):30:\(numbers[0])"]
        case 3: return [numbers.map(String.init).joined(separator: ":")]
        default: return arguments
        }
    }

    /// `32:128`: bits of IPv4 and of IPv6 addresses.
    static func blockSizes(_ arguments: [String]) -> [String] {
        guard let text = arguments.first else { return arguments }
        return [text.contains(":") ? text : text + ":128"]
    }

    /// A port alone is that of all addresses.
    static func listening(_ arguments: [String]) -> [String] { arguments.map { UInt16($0) == nil ? $0 : "*:" + $0 } }

    /// Bytes and seconds.
    static func rekeyLimit(_ arguments: [String]) -> [String] {
        let scales: [Character: UInt64] = ["k": 1 << 10, "m": 1 << 20, "g": 1 << 30]
        guard let size = arguments.first?.lowercased(), let last = size.last else { return arguments }
        var bytes = "0"
        if size != "default" {
            guard let number = UInt64(scales[last] == nil ? size : String(size.dropLast())) else { return arguments }
            let (product, overflow) = number.multipliedReportingOverflow(by: scales[last] ?? 1)
            if overflow { return arguments }
            bytes = String(product)
        }
        let time = arguments.count > 1 && arguments[1].lowercased() != "none" ? seconds(arguments[1]) : "0"
        return [bytes, time]
    }

    /// For interactive sessions and for the others; one word is for both.
    static func qualityOfService(_ arguments: [String]) -> [String] {
        let words = arguments.map { $0.lowercased() }
        return words.count == 1 ? [words[0], words[0]] : words
    }
}
