import Crypto
import Model
import Secrets

/// A value of an input, as reasons show it: one line's worth, digests cut to what people compare, and nothing that a rule of the secret
/// scanner takes for a credential. Reasons stand in consoles, logs and changelogs, where secrets stay.
struct ShownValue {
    let text: String
    let isHidden: Bool

    /// A value that is a digest, a version, or the like.
    init(_ value: String) {
        self.init(text: Self.short(value), isHidden: false)
    }

    /// An option's value; its name is part of what rules look at, as in `parameters.Password`.
    init(option path: String, _ value: String) {
        let line = Self.firstLine(value)
        if let reason = Self.reasonToHide(line, of: path) {
            self.init(text: "<hidden: \(reason)>", isHidden: true)
        } else {
            self.init(value)
        }
    }

    private init(text: String, isHidden: Bool) { (self.text, self.isHidden) = (text, isHidden) }

    /// Made when the first option is shown, since most plans show none. Nobody asks for the digests of what it finds.
    private static let scanner = try? SecretScanner(key: [UInt8](repeating: 0, count: SecretScanner.keySize))

    /// The rule that finds something in the value, or in its assignment to the option. What cannot be looked at is not shown.
    private static func reasonToHide(_ line: String, of path: String) -> String? {
        let name = path.split(separator: ".").last ?? ""
        guard let scanner, let findings = try? scanner.findings(in: Array("\(line)\n\(name)=\(line)\n".utf8), path: "/option")
        else {
            return "not looked at"
        }
        return findings.first?.rule
    }

    private static func firstLine(_ value: String) -> String {
        value.split(separator: "\n", omittingEmptySubsequences: false).first.map(String.init) ?? ""
    }

    private static func short(_ value: String) -> String {
        let words = value.split(separator: " ", omittingEmptySubsequences: false)
        let digests = words.map { Digest(hex: String($0)) }
        if digests.contains(where: { $0 != nil }) {
            return zip(words, digests).map { $1?.short ?? String($0) }.joined(separator: " ")
        }
        let line = firstLine(value)
        return line == value && line.count <= 60 ? "'\(line)'" : "'\(line.prefix(57))…'"
    }
}
