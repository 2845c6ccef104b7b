/// Reads files in which a line's last words are user and password: Postfix's sasl_passwd, Exim's passwd.client, davfs2, s3fs.
struct MapFiles: FileParser {
    static let relay = SecretRule("file-relay-password", "Password of a mail relay", .mail, .high)
    static let share = SecretRule("file-share-password", "Password of a share", .password, .high)

    let kind = "maps"
    let looksAtName = true
    let rules = [relay, share]

    let names = NameTest(
        names: ["sasl_passwd", "saslpasswd", "passwd.client", "relay_passwd", "smtp_auth"],
        parts: ["sasl_passwd", "passwd-s3fs"],
        paths: ["davfs2/secrets"])

    func find(in content: Content, _ found: inout [Candidate]) {
        guard content.isText else { return }
        for line in Lines(content) {
            let words = Lines.words(content.bytes, line)
            guard let last = words.last, content.bytes[words[0]].first != UInt8(ascii: "#") else { continue }
            if content.name.path.contains("davfs2") {
                if words.count >= 3, FieldValue.isSet(content.bytes[words[2]]) {
                    found.append(Candidate(Self.share, words[2], .parser))
                }
                continue
            }
            guard let colon = content.bytes[last].lastIndex(of: UInt8(ascii: ":")), colon + 1 < last.upperBound else { continue }
            let value = (colon + 1)..<last.upperBound
            if FieldValue.isSet(content.bytes[value]) {
                found.append(Candidate(content.name.last.contains("s3fs") ? Self.share : Self.relay, value, .parser))
            }
        }
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        CanaryFile("/etc/postfix/sasl_passwd", "[smtp.canary.test]:587 relay@canary.test:\(values.password())\n")
    }
}
