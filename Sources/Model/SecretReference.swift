/// Where a secret is kept. A reference is no secret: it stands in recipes, keys and reports, and the value nowhere.
package enum SecretReference: TextValue {
    /// A variable of Ingot's own environment: `env:API_TOKEN`.
    case environment(String)
    /// A file of the host, of which a line end at its end is left out: `file:/run/secrets/token`.
    case file(String)
    /// A parameter of the region: `ssm:/golden/token`.
    case parameter(String)

    package init(parsing text: String) throws(Failure) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty else { throw Self.malformed(text) }
        switch parts[0] {
        case "env": self = .environment(parts[1])
        case "file": self = .file(parts[1])
        case "ssm": self = .parameter(parts[1])
        default: throw Self.malformed(text)
        }
    }

    private static func malformed(_ text: String) -> Failure {
        // The text is not shown: it may be the secret itself.
        Failure(
            .invalid, "a reference to a secret of \(text.utf8.count) bytes is not of a known form",
            hint: "write env:VARIABLE, file:/path or ssm:/parameter; the secret itself must not stand here")
    }

    package var description: String {
        switch self {
        case .environment(let name): "env:\(name)"
        case .file(let path): "file:\(path)"
        case .parameter(let name): "ssm:\(name)"
        }
    }
}
