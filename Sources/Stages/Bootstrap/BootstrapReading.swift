import Model

/// The texts of a `bootstrap` stage. They become arguments of programs and lines of sources.list, so that only what is well formed
/// gets through.
enum BootstrapReading {
    static func suite(_ text: String) throws(Failure) -> String {
        try check(text, "a suite", hint: "write a code name such as bookworm", allowed: ".-", minimum: 2)
    }

    static func component(_ text: String) throws(Failure) -> String {
        try check(
            text, "a component", hint: "components are main, contrib, non-free and non-free-firmware", allowed: "-", minimum: 2)
    }

    /// A name (Debian policy, 5.6.7), also with `=version`.
    static func package(_ text: String) throws(Failure) -> String {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let hint = "write a name such as openssh-server, or name=version"
        _ = try check(parts[0], "a package", hint: hint, allowed: "+-.", minimum: 2)
        if parts.count == 2 { _ = try check(parts[1], "a version", hint: hint, allowed: "+-.~:", minimum: 1, upper: true) }
        return text
    }

    /// An http or https URL without user, query and closing slash.
    static func mirror(_ text: String) throws(Failure) -> String {
        let rest = ["http://", "https://"].first { text.hasPrefix($0) }.map { text.dropFirst($0.count) } ?? ""
        guard rest.utf8.first.map({ $0 != UInt8(ascii: "/") }) == true, isMade(rest, of: "-._~:/%+", upper: true),
            !rest.hasSuffix("/")
        else {
            throw Failure(
                .invalid, "\"\(text)\" is not the URL of a mirror",
                hint: "write it like \(DebianArchives.defaultMirror), without a slash at the end")
        }
        return text
    }

    /// Lower-case letters, digits and `allowed`, starting with a letter or a digit.
    private static func check(
        _ text: String, _ what: String, hint: String, allowed: String, minimum: Int, upper: Bool = false
    ) throws(Failure) -> String {
        guard text.utf8.count >= minimum, isMade(text.prefix(1), of: "", upper: upper), isMade(text, of: allowed, upper: upper)
        else { throw Failure(.invalid, "\"\(text)\" is not \(what)", hint: hint) }
        return text
    }

    private static func isMade(_ text: some StringProtocol, of others: String, upper: Bool) -> Bool {
        let others = Array(others.utf8)
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): upper
            default: others.contains(byte)
            }
        }
    }
}
