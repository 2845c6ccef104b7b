import Guest
import ImageStore
import Model
import Secrets

/// Finds in a file what identifies a machine or lets somebody in, by the file's place or by the value's form.
enum IdentityValues {
    static func values(in bytes: [UInt8], _ path: TreePath) -> [KnownValue] {
        let text = String(decoding: bytes, as: UTF8.self)
        let name = path.escaped
        var found: [KnownValue] = []
        func add(_ kind: String, _ value: some StringProtocol) {
            found.append(KnownValue(name: "\(kind) of \(name)", bytes: Array(value.utf8)))
        }
        let lines = text.split(whereSeparator: \.isNewline)
        if name == "/etc/hostname", let first = lines.first { add("host name", first.trimmed) }
        if name.hasSuffix("machine-id"), let id = lines.first?.trimmed, id.utf8.count == 32, isHex(id) { add("machine id", id) }
        for line in keyLines(lines) { add("private key", line) }
        for line in lines {
            if let blob = publicKey(line) { add("key", blob) }
            if let hash = passwordHash(line) { add("password hash", hash) }
        }
        if isMachineState(name) {
            for word in text.split(whereSeparator: { !$0.isASCII || !($0.isLetter || $0.isNumber || $0 == "-" || $0 == ":") }) {
                if isInstance(word) { add("instance id", word) }
                if isHardwareAddress(word) { add("hardware address", word.lowercased()) }
            }
            for account in accounts(text) { add("account id", account) }
        }
        return found
    }

    /// Where cloud-init, DHCP clients and network managers write down what machine they run on.
    private static func isMachineState(_ path: String) -> Bool {
        let places = [
            "/var/lib/cloud/", "/run/cloud-init/", "/var/lib/dhcp", "/var/lib/NetworkManager/", "/etc/NetworkManager/",
            "/etc/netplan/", "/etc/systemd/network/", "/etc/udev/rules.d/", "/etc/sysconfig/network-scripts/",
            "/etc/network/", "/var/lib/amazon/", "/var/log/",
        ]
        return places.contains { path.hasPrefix($0) }
    }

    /// Up to four lines of the body of each PEM block with a private key. The first one is left out: in keys of one kind it is the same.
    private static func keyLines(_ lines: [Substring]) -> [String] {
        var body: [String] = []
        var found: [String] = []
        var isInside = false
        for line in lines.map(\.trimmed) {
            if line.hasPrefix("-----BEGIN "), line.contains("PRIVATE KEY") {
                (isInside, body) = (true, [])
            } else if line.hasPrefix("-----END ") {
                if isInside { found += body.dropFirst().filter { $0.utf8.count >= 32 }.prefix(4) }
                isInside = false
            } else if isInside, !line.contains(":") {
                body.append(line)
            }
        }
        return found
    }

    /// The blob of a public key as OpenSSH writes it: `ssh-ed25519 AAAA… comment`.
    private static func publicKey(_ line: Substring) -> Substring? {
        line.split(separator: " ").first { $0.hasPrefix("AAAA") && $0.utf8.count >= 60 }
    }

    /// The second field of a line of shadow, passwd or gshadow, or of htpasswd.
    private static func passwordHash(_ line: Substring) -> Substring? {
        let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard fields.count >= 2, fields[1].hasPrefix("$"), fields[1].utf8.count >= 20 else { return nil }
        return fields[1]
    }

    /// `i-0123456789abcdef0`, or the older form with eight digits.
    private static func isInstance(_ word: Substring) -> Bool {
        let digits = word.dropFirst(2)
        return word.hasPrefix("i-") && (digits.utf8.count == 17 || digits.utf8.count == 8) && isHex(String(digits))
    }

    private static func isHardwareAddress(_ word: Substring) -> Bool {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 6 && parts.allSatisfy { $0.utf8.count == 2 && isHex(String($0)) }
    }

    /// The twelve digits that stand behind the word `account`, in any writing, or in an ARN.
    private static func accounts(_ text: String) -> [Substring] {
        let words = text.split { !$0.isLetter && !$0.isNumber }
        return words.indices.compactMap { index in
            guard words[index].utf8.count == 12, words[index].allSatisfy(\.isNumber), index > 0 else { return nil }
            let before = words[max(0, index - 4)..<index]
            return before.contains { $0.lowercased().hasPrefix("account") || $0 == "arn" } ? words[index] : nil
        }
    }

    private static func isHex(_ text: String) -> Bool { text.utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit } }
}

extension StringProtocol {
    /// Without blanks around it.
    fileprivate var trimmed: String {
        let start = firstIndex { !$0.isWhitespace } ?? endIndex
        let end = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? start
        return start < end ? String(self[start..<end]) : ""
    }
}
