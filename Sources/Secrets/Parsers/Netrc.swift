/// Reads netrc files: words `machine … login … password X`, over lines or not. fetchmail and apt have such words too.
struct Netrc: FileParser {
    static let rule = SecretRule("file-netrc", "Password in a netrc file", .password, .high)

    let kind = "netrc"
    let rules = [rule]

    let names = NameTest(
        names: ["netrc", ".netrc", "_netrc", ".authinfo", "auth.conf", ".fetchmailrc", "fetchmailrc"], endings: ["netrc"],
        paths: ["/auth.conf.d/"])

    func find(in content: Content, _ found: inout [Candidate]) {
        var expects = false
        for line in Lines(content) {
            for word in Lines.words(content.bytes, line) {
                let text = content.bytes[word]
                if text.first == UInt8(ascii: "#") { break }
                if expects {
                    if FieldValue.isSet(text) { found.append(Candidate(Self.rule, word, .parser)) }
                    expects = false
                } else {
                    expects =
                        text.elementsEqual("password".utf8) || text.elementsEqual("passwd".utf8)
                        || text.elementsEqual("pass".utf8)
                }
            }
        }
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        CanaryFile("/root/.netrc", "machine git.canary.test\n  login build\n  password \(values.password())\n")
    }
}
