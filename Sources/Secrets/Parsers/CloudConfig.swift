/// Reads cloud-init's user data, as YAML or in the parts of a MIME message: the lists of chpasswd, and passwords of users.
struct CloudConfig: FileParser {
    static let rule = SecretRule("file-cloud-config", "Password in cloud-init's user data", .password, .high)

    let kind = "cloud-config"
    let rules = [rule]

    let names = NameTest(
        parts: ["/user-data", "/userdata", "/vendor-data", "/cloud-config"], paths: ["/var/lib/cloud/", "/nocloud/"])

    func recognizes(_ head: ArraySlice<UInt8>) -> Bool { head.starts(with: Array("#cloud-config".utf8)) }

    private static let keys: Set<String> = [
        "password", "plain_text_passwd", "hashed_passwd", "hashed-password", "passwd", "admin_password",
    ]

    func find(in content: Content, _ found: inout [Candidate]) {
        guard content.isText else { return }
        var list: Int?
        for line in Lines(content) {
            let text = Lines.withoutBlanks(content.bytes, line)
            if text.isEmpty { continue }
            let indent = text.lowerBound - line.lowerBound
            if let open = list, indent > open || content.bytes[text].first == UInt8(ascii: "-") {
                account(content, text, &found)
            } else {
                list = nil
            }
            if content.bytes[text].starts(with: Array("list:".utf8)) { list = indent }
            fields(content, text, &found)
        }
    }

    /// `root:password`, with `R` or `RANDOM` for one that is drawn.
    private func account(_ content: Content, _ text: Range<Int>, _ found: inout [Candidate]) {
        guard let colon = content.bytes[text].firstIndex(of: UInt8(ascii: ":")) else { return }
        let value = Lines.trimmed(content.bytes, (colon + 1)..<text.upperBound)
        let isDrawn = content.bytes[value].elementsEqual("R".utf8) || content.bytes[value].elementsEqual("RANDOM".utf8)
        if !isDrawn && FieldValue.isSet(content.bytes[value]) && !content.bytes[value].contains(0x20) {
            found.append(Candidate(Self.rule, value, .parser))
        }
    }

    /// `password: x`, also in `{name: a, password: x}`.
    private func fields(_ content: Content, _ text: Range<Int>, _ found: inout [Candidate]) {
        for part in Lines.fields(content.bytes, text, UInt8(ascii: ",")) {
            guard let colon = content.bytes[part].firstIndex(of: UInt8(ascii: ":")) else { continue }
            let key = content.bytes[part.lowerBound..<colon].filter {
                !ByteSet(" \t-{\"'").contains($0) || $0 == UInt8(ascii: "-")
            }
            let name = String(decoding: key.drop { $0 == UInt8(ascii: "-") }, as: UTF8.self)
            var value = Lines.trimmed(content.bytes, (colon + 1)..<part.upperBound)
            if content.bytes[value].last == UInt8(ascii: "}") {
                value = Lines.trimmed(content.bytes, value.lowerBound..<(value.upperBound - 1))
            }
            if Self.keys.contains(name), FieldValue.isSet(content.bytes[value]), !content.bytes[value].contains(0x20) {
                found.append(Candidate(Self.rule, value, .parser))
            }
        }
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        CanaryFile(
            "/var/lib/cloud/instance/user-data.txt",
            "#cloud-config\nchpasswd:\n  list: |\n    root:\(values.password())\n  expire: false\n")
    }
}
