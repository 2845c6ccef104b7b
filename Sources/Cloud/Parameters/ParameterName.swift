import Model

/// The name of a parameter, by the rules of SSM's PutParameter: letters, digits and `.-_`, or several of such words as a path that begins
/// with a slash. Case counts.
package struct ParameterName: TextValue, Comparable {
    package let description: String

    package static let maximumLength = 2048
    package static let maximumLevels = 15

    package init(parsing text: String) throws(Failure) {
        let shown = text.prefix(100)
        guard 1...Self.maximumLength ~= text.utf8.count else {
            throw Failure(
                .invalid, "a parameter's name has 1 to \(Self.maximumLength) characters, this one has \(text.utf8.count)")
        }
        let words = (text.hasPrefix("/") ? text.dropFirst() : text[...]).split(separator: "/", omittingEmptySubsequences: false)
        guard text.hasPrefix("/") || words.count == 1 else {
            throw Failure(
                .invalid, "the parameter's name \"\(shown)\" is a path without its first slash", hint: "write /\(shown)")
        }
        guard words.allSatisfy({ !$0.isEmpty && $0.isMadeOfLettersDigits(and: ".-_") }) else {
            throw Failure(
                .invalid, "\"\(shown)\" is not a name of a parameter",
                hint: "use letters, digits and .-_ in one word, or in several like /web/database/password")
        }
        guard words.count <= Self.maximumLevels else {
            throw Failure(
                .invalid, "the parameter's name \"\(shown)\" has \(words.count) levels, the limit is \(Self.maximumLevels)")
        }
        let first = words[0].lowercased()
        guard !first.hasPrefix("aws"), !first.hasPrefix("ssm") else {
            throw Failure(.invalid, "the parameter's name \"\(shown)\" begins with aws or ssm, which are reserved")
        }
        description = text
    }

    /// How the parameter may be called: of one word with and without a slash before it, which are the same parameter.
    package var forms: [String] {
        let bare = description.hasPrefix("/") ? String(description.dropFirst()) : description
        return bare.contains("/") ? [description] : [bare, "/" + bare]
    }

    /// The name as a place below `/`, whether or not it was written with its slash.
    package var path: String { description.hasPrefix("/") ? description : "/" + description }

    package static func < (a: ParameterName, b: ParameterName) -> Bool { a.description < b.description }
}

/// A parameter, in a certain version, in the one that has a label, or in its newest one: `/web/port:3`, `/web/port:live`, `/web/port`.
package struct ParameterReference: Hashable, Sendable {
    package let name: ParameterName
    package let selector: Selector?

    package enum Selector: Hashable, Sendable, CustomStringConvertible {
        case version(Int)
        case label(ParameterLabel)

        package var description: String {
            switch self {
            case .version(let number): String(number)
            case .label(let label): label.description
            }
        }
    }

    package init(parsing text: String) throws(Failure) {
        guard let colon = text.lastIndex(of: ":") else {
            name = try ParameterName(parsing: text)
            selector = nil
            return
        }
        name = try ParameterName(parsing: String(text[..<colon]))
        let word = text[text.index(after: colon)...]
        if let number = Int(word), number > 0, word.allSatisfy({ $0.isASCII && $0.isNumber }) {
            selector = .version(number)
        } else if let label = try? ParameterLabel(parsing: String(word)) {
            selector = .label(label)
        } else {
            throw Failure(
                .invalid, "\"\(word.prefix(100))\" is neither a version nor a label of a parameter",
                hint: "write it like \(name):3 or \(name):live")
        }
    }
}
