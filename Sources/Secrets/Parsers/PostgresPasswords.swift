/// Reads PostgreSQL's password file: `host:port:database:user:password`, with backslashes before colons.
struct PostgresPasswords: FileParser {
    static let rule = SecretRule("file-pgpass", "Password in a pgpass file", .database, .high)

    let kind = "pgpass"
    let rules = [rule]

    let names = NameTest(parts: ["pgpass"])

    func find(in content: Content, _ found: inout [Candidate]) {
        for line in Lines(content) where content.bytes[line].first != UInt8(ascii: "#") {
            var colons = 0
            for position in line
            where content.bytes[position] == UInt8(ascii: ":")
                && (position == line.lowerBound || content.bytes[position - 1] != UInt8(ascii: "\\"))
            {
                colons += 1
                if colons < 4 { continue }
                let value = (position + 1)..<line.upperBound
                if FieldValue.isSet(content.bytes[value], atLeast: 2) { found.append(Candidate(Self.rule, value, .parser)) }
                break
            }
        }
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        CanaryFile("/var/lib/postgresql/.pgpass", "db.canary.test:5432:*:app:\(values.password())\n")
    }
}
