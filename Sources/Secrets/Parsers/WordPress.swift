/// Reads WordPress's wp-config.php: the database's password and the eight keys and salts.
struct WordPress: FileParser {
    static let rule = SecretRule("file-wordpress", "Password or key of WordPress", .password, .high)

    let kind = "wordpress"
    let rules = [rule]

    private static let define = TokenPattern(
        #"define\s*[(]\s*['"](?:DB_PASSWORD|[A-Z_]{2,30}_(?:KEY|SALT))['"]\s*,\s*['"]([^'"]{4,200})['"]"#)

    let names = NameTest(parts: ["/wp-config"])

    func find(in content: Content, _ found: inout [Candidate]) {
        for position in content.bytes.indices where content.bytes[position] == UInt8(ascii: "d") {
            guard let match = Self.define.match(content.bytes, at: position) else { continue }
            let value = content.bytes[match.credential]
            // The template says what to do instead.
            if value.starts(with: Array("put your unique phrase".utf8)) || ValueJudge.isStandIn(value) { continue }
            found.append(Candidate(Self.rule, match.credential, .parser))
        }
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        CanaryFile("/var/www/wp-config.php", "<?php\ndefine( 'DB_PASSWORD', '\(values.password())' );\n")
    }
}
