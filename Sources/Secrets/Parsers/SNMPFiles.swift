/// Reads net-snmp's configuration: communities, and the two passphrases of a user.
struct SNMPFiles: FileParser {
    static let rule = SecretRule("file-snmp", "Community or passphrase of SNMP", .monitoring, .high)

    let kind = "snmp"
    let rules = [rule]

    private static let communities: Set<String> = [
        "rocommunity", "rwcommunity", "rocommunity6", "rwcommunity6", "trapcommunity", "defcommunity",
    ]

    let names = NameTest(paths: ["snmp*.conf$", "snmp*.local$"])

    func find(in content: Content, _ found: inout [Candidate]) {
        for line in Lines(content) {
            let words = Lines.words(content.bytes, line)
            guard let first = words.first else { continue }
            let key = String(decoding: ValueTest.lowered(content.bytes[first]), as: UTF8.self)
            var values: [Range<Int>] = []
            if Self.communities.contains(key) { values = Array(words.dropFirst().prefix(1)) }
            if key == "com2sec", words.count >= 4 { values = [words[3]] }
            if key == "createuser" || key == "usmuser" {
                for index in words.indices.dropFirst()
                where ["md5", "sha", "des", "aes", "sha-256", "sha-512"].contains(
                    String(decoding: ValueTest.lowered(content.bytes[words[index]]), as: UTF8.self))
                {
                    if index + 1 < words.count { values.append(words[index + 1]) }
                }
            }
            for value in values
            where !["public", "private"].contains(String(decoding: content.bytes[value], as: UTF8.self))
                && FieldValue.isSet(content.bytes[value])
            {
                found.append(Candidate(Self.rule, value, .parser))
            }
        }
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        CanaryFile("/etc/snmp/snmpd.conf", "createUser watcher SHA \"\(values.password())\" AES\n")
    }
}
