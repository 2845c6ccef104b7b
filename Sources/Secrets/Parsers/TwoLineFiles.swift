/// Files of two lines, the user and the password: OpenVPN's auth-user-pass.
struct TwoLineFiles: FileParser {
    static let rule = SecretRule("file-user-and-password", "Password in a file of two lines", .password, .high)

    let kind = "two-lines"
    let rules = [rule]

    let names = NameTest(
        names: ["auth-user-pass", "auth-user-pass.txt"], paths: ["/openvpn/*auth", "/openvpn/*login", "/openvpn/*pass"])

    private static let maximumSize = 1024

    func find(in content: Content, _ found: inout [Candidate]) {
        guard content.isText, content.bytes.count <= Self.maximumSize else { return }
        let lines = Lines(content).map { Lines.trimmed(content.bytes, $0) }.filter { !$0.isEmpty }
        guard lines.count == 2, lines.allSatisfy({ !content.bytes[$0].contains(0x20) }),
            FieldValue.isSet(content.bytes[lines[1]], atLeast: 4)
        else { return }
        found.append(Candidate(Self.rule, lines[1], .parser))
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        CanaryFile("/etc/openvpn/auth.txt", "office\n\(values.password())\n")
    }
}
