import Text

/// Reads the client configurations of Docker, Podman and Composer: base64 of `user:password`, and tokens.
struct DockerConfig: FileParser {
    static let rule = SecretRule("file-docker-auth", "Login of a container registry", .registry, .critical)

    let kind = "docker"
    let rules = [rule]

    private static let auth = TokenPattern(#""auth"\s*:\s*"([A-Za-z0-9+/]{8,}={0,2})""#)
    private static let token = TokenPattern(#""(?:identitytoken|registrytoken|password|refreshtoken)"\s*:\s*"([^"\s]{4,})""#)

    let names = NameTest(
        names: [".dockercfg", "auth.json", "config.json"], parts: ["dockerconfigjson"], paths: ["/.docker/"])

    func find(in content: Content, _ found: inout [Candidate]) {
        guard content.isText else { return }
        let bytes = content.bytes
        for position in bytes.indices where bytes[position] == UInt8(ascii: "\"") {
            if let match = Self.auth.match(bytes, at: position) {
                guard let decoded = Base64.decode(bytes[match.credential]), let colon = decoded.firstIndex(of: UInt8(ascii: ":")),
                    FieldValue.isSet(decoded[(colon + 1)...])
                else { continue }
                found.append(Candidate(Self.rule, match.credential, .parser))
            } else if let match = Self.token.match(bytes, at: position), FieldValue.isSet(bytes[match.credential]) {
                found.append(Candidate(Self.rule, match.credential, .parser))
            }
        }
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        let auth = String(decoding: Base64.encode(Array("build:\(values.password())".utf8)), as: UTF8.self)
        return CanaryFile("/root/.docker/config.json", "{\"auths\": {\"registry.canary.test\": {\"auth\": \"\(auth)\"}}}\n")
    }
}
