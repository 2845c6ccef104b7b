import Cloud
import Model

/// Members of requests about documents.
enum DocumentInput {
    /// What Amazon keeps for its own.
    private static let reserved = ["aws", "amazon", "amzn"]

    /// The name of a new document.
    static func newName(_ text: String) throws(APIError) -> String {
        guard isName(text, 3...128) else {
            throw SSMInput.refusal(text, "name", "Member must satisfy regular expression pattern: ^[a-zA-Z0-9_\\-.]{3,128}$")
        }
        guard !reserved.contains(where: text.lowercased().hasPrefix) else {
            throw APIError(.validationException, "The name of a document can't begin with aws, amazon or amzn.")
        }
        return text
    }

    static func versionName(_ text: String?) throws(APIError) -> String? {
        guard let text, !isName(text, 1...128) else { return text }
        throw SSMInput.refusal(text, "versionName", "Member must satisfy regular expression pattern: ^[a-zA-Z0-9_\\-.]{1,128}$")
    }

    static func targetType(_ text: String?) throws(APIError) -> String? {
        guard let text else { return nil }
        let isType = text.hasPrefix("/") && text.utf8.count <= 200 && text.isMadeOfLettersDigits(and: "_.-:/")
        guard isType else {
            throw SSMInput.refusal(text, "targetType", "Member must satisfy regular expression pattern: ^\\/[\\w\\.\\-\\:\\/]*$")
        }
        return text
    }

    static func selection(_ name: String, _ version: String?, _ versionName: String?) throws(APIError) -> DocumentSelection {
        var selection = DocumentSelection(name, versionName: versionName)
        if let version {
            guard let parsed = DocumentSelection.Version(version) else { throw APIError(.noDocumentVersion) }
            selection.version = parsed
        }
        return selection
    }

    private static func isName(_ text: String, _ lengths: ClosedRange<Int>) -> Bool {
        lengths.contains(text.utf8.count) && text.isMadeOfLettersDigits(and: "_-.")
    }
}

extension Call {
    /// What the account can do with documents.
    func documents<Result>(_ body: (any DocumentActions) throws(Failure) -> Result) throws(APIError) -> Result {
        try asking { () throws(Failure) in try body(try actions) }
    }

    /// A document of Amazon's, of the account's or that is shared with it.
    func shownDocument(_ selection: DocumentSelection) throws(APIError) -> ShownDocument {
        if let amazons = AmazonDocument.all.first(where: { $0.name == selection.document }) {
            let isThere = [nil, .usual, .latest, .number(1)].contains(selection.version) && selection.versionName == nil
            guard isThere else { throw APIError(.noDocumentVersion) }
            return ShownDocument(amazons)
        }
        let (record, version) = try documents { (actions) throws(Failure) in try actions.document(selection) }
        return try ShownDocument(record, version)
    }
}
