import Text

/// Reads manifests of Kubernetes: the values of a Secret's `data` (base64) and `stringData`.
struct KubernetesSecrets: FileParser {
    static let rule = SecretRule("file-kubernetes-secret", "Value of a Kubernetes Secret", .cloud, .high)

    let kind = "kubernetes"
    let rules = [rule]

    /// Fields of secrets that are public, or names.
    private static let harmless: Set<String> = [
        "ca.crt", "namespace", "tls.crt", "username", "user", "host", "port", "database", "type", "ca", "cert", "name", "email",
        "url",
    ]

    let names = NameTest(endings: ["yaml", "yml", "json"])

    func find(in content: Content, _ found: inout [Candidate]) {
        guard content.isText, content.bytes.count < 4 << 20 else { return }
        var isSecret = false
        var block: (indent: Int, isEncoded: Bool)?
        var pending: [Candidate] = []
        for line in Lines(content) {
            let text = Lines.withoutBlanks(content.bytes, line)
            if text.isEmpty { continue }
            if content.bytes[text].elementsEqual("---".utf8) {
                if isSecret { found += pending }
                (isSecret, block, pending) = (false, nil, [])
                continue
            }
            guard let colon = content.bytes[text].firstIndex(of: UInt8(ascii: ":")) else { continue }
            let key = Self.word(content, text.lowerBound..<colon)
            let value = Self.value(content.bytes, (colon + 1)..<text.upperBound)
            let indent = text.lowerBound - line.lowerBound
            if key == "kind" && content.bytes[value].elementsEqual("Secret".utf8) { isSecret = true }
            if key == "data" || key == "stringData" {
                block = (indent, key == "data")
            } else if let open = block {
                if indent <= open.indent {
                    block = nil
                } else if !Self.harmless.contains(key), Self.isSecretValue(content.bytes[value], open.isEncoded) {
                    pending.append(Candidate(Self.rule, value, .parser))
                }
            }
        }
        if isSecret { found += pending }
    }

    private static func word(_ content: Content, _ range: Range<Int>) -> String {
        String(decoding: content.bytes[Lines.trimmed(content.bytes, range)], as: UTF8.self)
    }

    /// Without quotes and a comma behind.
    private static func value(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        let text = Lines.trimmed(bytes, range)
        return bytes[text].last == UInt8(ascii: ",") ? Lines.trimmed(bytes, text.lowerBound..<(text.upperBound - 1)) : text
    }

    private static func isSecretValue(_ value: ArraySlice<UInt8>, _ isEncoded: Bool) -> Bool {
        if !isEncoded { return FieldValue.isSet(value, atLeast: 4) }
        guard value.count >= 4, let decoded = Base64.decode(value), decoded.count >= 3 else { return false }
        return FieldValue.isSet(decoded[...].prefix { $0 != 0x0A }, atLeast: 3)
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        let value = String(decoding: Base64.encode(Array(values.password().utf8)), as: UTF8.self)
        return CanaryFile(
            "/srv/canary/secret.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  db-login: \(value)\n")
    }
}
