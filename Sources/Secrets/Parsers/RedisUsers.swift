/// Reads the users of Redis: `user name on >password`, and `#` before a SHA-256 of one.
struct RedisUsers: FileParser {
    static let rule = SecretRule("file-redis-user", "Password of a Redis user", .database, .high)

    let kind = "redis-users"
    let rules = [rule]

    let names = NameTest(endings: ["acl"], paths: ["redis", "valkey"])

    func find(in content: Content, _ found: inout [Candidate]) {
        guard content.isText else { return }
        for line in Lines(content) where content.bytes[line].starts(with: Array("user ".utf8)) {
            for word in Lines.words(content.bytes, line).dropFirst(2) {
                let isPlain = content.bytes[word].first == UInt8(ascii: ">")
                let isHash = content.bytes[word].first == UInt8(ascii: "#") && word.count == 65
                let value = (word.lowerBound + 1)..<max(word.lowerBound + 1, word.upperBound)
                if isPlain || isHash, FieldValue.isSet(content.bytes[value]) {
                    found.append(Candidate(Self.rule, value, .parser))
                }
            }
        }
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        CanaryFile("/etc/redis/users.acl", "user app on >\(values.password()) ~* +@all\n")
    }
}
