import Cloud
import Model

/// What Systems Manager says of names that PutParameter does not take.
enum ParameterNameRules {
    private static let form = """
        If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, \
        numbers and the following 3 symbols .-_
        """

    static func name(_ text: String) throws(APIError) -> ParameterName {
        let isPath = text.hasPrefix("/")
        let first = (isPath ? text.dropFirst() : text[...]).lowercased()
        if first.hasPrefix("aws"), isPath {
            throw APIError("AccessDeniedException", "No access to reserved parameter name: \(text.prefix(2048)).")
        }
        if first.hasPrefix("ssm"), isPath {
            throw APIError(.validationException, "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). \(form)")
        }
        if first.hasPrefix("aws") || first.hasPrefix("ssm") {
            throw APIError(.validationException, "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive).")
        }
        if !isPath, text.contains("/") {
            throw APIError(.validationException, "Parameter name must be a fully qualified name.")
        }
        return try askingSSM { () throws(Failure) in try ParameterName(parsing: text) }
    }
}

/// A path below which parameters are looked for.
enum ParameterPath {
    static func check(_ path: String) throws(APIError) {
        let words = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let isWord = { (word: Substring) in !word.isEmpty && word.isMadeOfLettersDigits(and: ".-_") }
        let isPath = path.hasPrefix("/") && (path.hasSuffix("/") ? words.dropLast() : words[...]).allSatisfy(isWord)
        guard path == "/" || (isPath && path != "//") else {
            throw APIError(
                .validationException,
                """
                The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash "/". It \
                can't be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: \
                . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the \
                forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.
                """)
        }
    }

    /// Whether a path lies below another one: at any depth, or directly.
    static func isBelow(_ path: String, _ parent: String, isRecursive: Bool) -> Bool {
        let prefix = parent.hasSuffix("/") ? parent : parent + "/"
        return path.hasPrefix(prefix) && (isRecursive || !path.dropFirst(prefix.count).contains("/"))
    }
}
