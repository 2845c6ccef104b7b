import Text

/// Reads FileZilla's stored sites: `<Pass encoding="base64">…</Pass>`, or plain in older files.
struct FileZilla: FileParser {
    static let rule = SecretRule("file-filezilla", "Password of a site in FileZilla", .password, .high)

    let kind = "filezilla"
    let rules = [rule]

    private static let pattern = TokenPattern(#"<Pass(?: encoding="[a-z0-9]{1,10}")?>([^<]{3,300})</Pass>"#)

    let names = NameTest(names: ["sitemanager.xml", "recentservers.xml", "filezilla.xml"], paths: ["filezilla"])

    func find(in content: Content, _ found: inout [Candidate]) {
        for position in content.bytes.indices where content.bytes[position] == UInt8(ascii: "<") {
            guard let match = Self.pattern.match(content.bytes, at: position) else { continue }
            found.append(Candidate(Self.rule, match.credential, .parser))
        }
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        let password = String(decoding: Base64.encode(Array(values.password().utf8)), as: UTF8.self)
        return CanaryFile(
            "/root/.config/filezilla/sitemanager.xml",
            "<Server><Host>h</Host><Pass encoding=\"base64\">\(password)</Pass></Server>\n")
    }
}
