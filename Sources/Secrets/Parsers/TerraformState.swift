/// Reads Terraform's state: outputs that it calls sensitive, whatever they are named, and passwords that it drew itself.
struct TerraformState: FileParser {
    static let rule = SecretRule("file-terraform-output", "Sensitive value in Terraform's state", .cloud, .high)

    let kind = "terraform"
    let rules = [rule]

    private static let mark = TokenPattern(#""sensitive"\s*:\s*true"#)
    private static let value = TokenPattern(#""value"\s*:\s*"([^"\n]{4,2000})""#)

    let names = NameTest(parts: ["tfstate", "terraform*.json$"])

    private static let generated = TokenPattern(#""type"\s*:\s*"random_password""#)
    private static let result = TokenPattern(#""(?:result|bcrypt_hash)"\s*:\s*"([^"\n]{4,2000})""#)
    /// How far the values of a resource's instances are from its type.
    private static let resourceReach = 8192

    func find(in content: Content, _ found: inout [Candidate]) {
        let bytes = content.bytes
        var reach = 0
        for position in bytes.indices where bytes[position] == UInt8(ascii: "\"") {
            if Self.generated.match(bytes, at: position) != nil { reach = position + Self.resourceReach }
            if position < reach, let match = Self.result.match(bytes, at: position), FieldValue.isSet(bytes[match.credential]) {
                found.append(Candidate(Self.rule, match.credential, .parser))
            }
        }
        for position in bytes.indices where bytes[position] == UInt8(ascii: "\"") && Self.mark.match(bytes, at: position) != nil {
            // The object around the mark.
            var start = position
            while start > 0 && position - start < 4096 && bytes[start] != UInt8(ascii: "{") { start -= 1 }
            var end = position
            while end < bytes.count && end - position < 4096 && bytes[end] != UInt8(ascii: "}") { end += 1 }
            for place in start..<end where bytes[place] == UInt8(ascii: "\"") {
                if let match = Self.value.match(bytes, at: place), FieldValue.isSet(bytes[match.credential]) {
                    found.append(Candidate(Self.rule, match.credential, .parser))
                }
            }
        }
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        CanaryFile(
            "/srv/infra/terraform.tfstate",
            "{\"version\": 4, \"outputs\": {\"login\": {\"value\": \"\(values.password())\", \"type\": \"string\", \"sensitive\": true}}}\n"
        )
    }
}
