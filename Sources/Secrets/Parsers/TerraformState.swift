/// Reads Terraform's state: outputs that it calls sensitive, whatever they are named.
struct TerraformState: FileParser {
    static let rule = SecretRule("file-terraform-output", "Sensitive value in Terraform's state", .cloud, .high)

    let kind = "terraform"
    let rules = [rule]

    private static let mark = TokenPattern(#""sensitive"\s*:\s*true"#)
    private static let value = TokenPattern(#""value"\s*:\s*"([^"\n]{4,2000})""#)

    let names = NameTest(parts: ["tfstate", "terraform*.json$"])

    func find(in content: Content, _ found: inout [Candidate]) {
        let bytes = content.bytes
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
