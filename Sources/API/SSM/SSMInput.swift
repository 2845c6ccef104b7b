import Model

/// Members of Systems Manager's requests, and its words for what does not meet their constraints.
enum SSMInput {
    /// One of the words of an enumeration, in the order in which the service tells them.
    static func word<Word: RawRepresentable<String>>(_ text: String, _ member: String, of words: [Word]) throws(APIError) -> Word
    {
        if let word = Word(rawValue: text), words.contains(where: { $0.rawValue == text }) { return word }
        let known = words.map(\.rawValue).joined(separator: ", ")
        throw refusal(text, member, "Member must satisfy enum value set: [\(known)]")
    }

    /// The refusal of one value that breaks a constraint.
    static func refusal(_ value: String, _ member: String, _ constraint: String) -> APIError {
        violations([violation(value, member, constraint)])
    }

    /// One value that breaks a constraint.
    static func violation(_ value: String, _ member: String, _ constraint: String) -> String {
        "Value '\(value.prefix(2048))' at '\(member)' failed to satisfy constraint: \(constraint)"
    }

    static func violations(_ all: [String]) -> APIError {
        APIError(
            .validationException,
            "\(all.count) validation error\(all.count == 1 ? "" : "s") detected: \(all.joined(separator: "; "))")
    }
}
