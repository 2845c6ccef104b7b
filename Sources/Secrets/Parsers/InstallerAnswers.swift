/// Reads the answers of installers: Debian's preseed, Kickstart, Windows' unattend files.
struct InstallerAnswers: FileParser {
    static let rule = SecretRule("file-installer-answer", "Password in an installer's answers", .password, .high)

    let kind = "installer"
    let looksAtName = true
    let rules = [rule]

    let names = NameTest(
        names: ["original-ks.cfg", "ks.cfg", "sysprep.xml"], endings: ["ks", "kickstart", "seed"],
        parts: ["preseed", "anaconda-ks", "unattend"], paths: ["/log/installer/"])

    func find(in content: Content, _ found: inout [Candidate]) {
        guard content.isText else { return }
        for line in Lines(content) {
            let words = Lines.words(content.bytes, line)
            guard let first = words.first, content.bytes[first].first != UInt8(ascii: "#") else { continue }
            if let value = value(words, content.bytes), FieldValue.isSet(content.bytes[value]) {
                found.append(Candidate(Self.rule, value, .parser))
            }
        }
        unattended(content, &found)
    }

    private func value(_ words: [Range<Int>], _ bytes: [UInt8]) -> Range<Int>? {
        // d-i passwd/root-password password X
        if words.count >= 4,
            bytes[words[2]].elementsEqual("password".utf8)
                || bytes[words[2]].elementsEqual("string".utf8) && Self.isHash(bytes[words[1]])
        {
            return words[3]
        }
        guard ["rootpw", "user", "bootloader", "sshpw"].contains(String(decoding: bytes[words[0]], as: UTF8.self)) else {
            return nil
        }
        for word in words.dropFirst() where bytes[word].starts(with: Array("--password=".utf8)) {
            return (word.lowerBound + 11)..<word.upperBound
        }
        if bytes[words[0]].elementsEqual("rootpw".utf8) { return words.dropFirst().last { bytes[$0].first != UInt8(ascii: "-") } }
        return nil
    }

    private static func isHash(_ name: ArraySlice<UInt8>) -> Bool { ValueTest.contains(Array("password-crypted".utf8), in: name) }

    private static let element = TokenPattern(#"<(?:Administrator)?Password>[^<]{0,40}<Value>([^<]{3,200})</Value>"#)

    private func unattended(_ content: Content, _ found: inout [Candidate]) {
        guard content.name.ending == "xml" else { return }
        let joined = content.bytes.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
        for position in joined.indices where joined[position] == UInt8(ascii: "<") {
            if let match = Self.element.match(joined, at: position), FieldValue.isSet(joined[match.credential]) {
                found.append(Candidate(Self.rule, match.credential, .parser))
            }
        }
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        CanaryFile("/root/preseed.cfg", "d-i passwd/root-password password \(values.password())\n")
    }
}
