/// Reads debconf's database of answers: stanzas with `Name:` or `Template:` of a password, and `Value:`.
struct DebconfPasswords: FileParser {
    static let rule = SecretRule("file-debconf", "Password that was given to a package's installation", .password, .high)

    let kind = "debconf"
    let looksAtName = true
    let rules = [rule]

    let names = NameTest(names: ["passwords.dat", "config.dat"], paths: ["/debconf/"])

    func find(in content: Content, _ found: inout [Candidate]) {
        var isPassword = content.name.last.hasPrefix("passwords")
        let always = isPassword
        for line in Lines(content) {
            let bytes = content.bytes[line]
            if line.isEmpty {
                isPassword = always
            } else if bytes.starts(with: Array("Name: ".utf8)) || bytes.starts(with: Array("Template: ".utf8)) {
                let name = ValueTest.lowered(bytes)
                if ["password", "passwd", "pass", "secret", "passphrase"].contains(where: {
                    ValueTest.contains(Array($0.utf8), in: name)
                }) {
                    isPassword = true
                }
            } else if isPassword, bytes.starts(with: Array("Value: ".utf8)) {
                let value = (line.lowerBound + 7)..<line.upperBound
                if FieldValue.isSet(content.bytes[value]) && !content.bytes[value].contains(0x20) {
                    found.append(Candidate(Self.rule, value, .parser))
                }
            }
        }
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        CanaryFile(
            "/var/cache/debconf/passwords.dat",
            "Name: mysql-server/root_password\nTemplate: mysql-server/root_password\nValue: \(values.password())\nOwners: mysql-server\n\n"
        )
    }
}
