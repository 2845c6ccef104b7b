import Model

/// A document of an account: Systems Manager's, of the type Command.
package struct DocumentRecord: Hashable, Sendable {
    package let name: String
    package let owner: AccountID
    /// `/AWS::EC2::Instance`; nil where none was named.
    package let targetType: String?
    package let created: Instant
    package let defaultVersion: Int
    package let tags: TagSet
    /// Oldest first; never empty.
    package let versions: [DocumentVersion]

    package var latest: DocumentVersion { versions[versions.count - 1] }
    package var usual: DocumentVersion { versions.first { $0.number == defaultVersion } ?? latest }
}

/// One version of a document. It never changes.
package struct DocumentVersion: Hashable, Sendable {
    package let number: Int
    package let name: String?
    /// As it was given.
    package let content: String
    package let format: DocumentFormat
    /// What the content says.
    package let body: JSONValue
    package let created: Instant

    /// Read again each time; it was read before it was kept.
    package func document() throws(Failure) -> CommandDocument { try CommandDocumentReader.read(body) }
}

package enum DocumentFormat: String, Hashable, Sendable, CaseIterable {
    case json = "JSON"
    case yaml = "YAML"
}

/// The content of a document that is made or changed.
package struct DocumentContent: Hashable, Sendable {
    package let text: String
    package let format: DocumentFormat
    package let body: JSONValue

    package init(text: String, format: DocumentFormat, body: JSONValue) {
        self.text = text
        self.format = format
        self.body = body
    }
}

/// CreateDocument.
package struct DocumentCreation: Sendable {
    package var name: String
    package var content: DocumentContent
    package var versionName: String?
    package var targetType: String?
    package var tags = TagSet()

    package init(name: String, content: DocumentContent) {
        self.name = name
        self.content = content
    }
}

/// Which version of a document is meant.
package struct DocumentSelection: Hashable, Sendable {
    /// A name, or the ARN of somebody's document.
    package var document: String
    package var version: Version?
    package var versionName: String?

    package enum Version: Hashable, Sendable {
        case usual
        case latest
        case number(Int)

        /// `$DEFAULT`, `$LATEST` or a number; nil for anything else.
        package init?(_ text: String) {
            switch text {
            case "$DEFAULT": self = .usual
            case "$LATEST": self = .latest
            default:
                guard let number = Int(text), number > 0, String(number) == text else { return nil }
                self = .number(number)
            }
        }
    }

    package init(_ document: String, version: Version? = nil, versionName: String? = nil) {
        self.document = document
        self.version = version
        self.versionName = versionName
    }
}

/// Who may use a document besides its owner, and which versions of it.
package struct DocumentShare: Hashable, Sendable {
    /// An account, or `all`.
    package let account: String
    package let version: Versions

    package enum Versions: String, Hashable, Sendable, CaseIterable {
        case usual = "$DEFAULT"
        case latest = "$LATEST"
        case all = "$ALL"
    }

    package static let everyone = "all"

    package init(account: String, version: Versions) {
        self.account = account
        self.version = version
    }
}

/// Documents of Systems Manager, by its names for what one does with them.
package protocol DocumentActions: Sendable {
    func createDocument(_ new: DocumentCreation) throws(Failure) -> DocumentRecord
    /// Makes a new version. `base` must be the latest.
    func updateDocument(
        _ name: String, from base: DocumentSelection.Version, _ content: DocumentContent, versionName: String?,
        targetType: String?
    ) throws(Failure) -> DocumentRecord
    func setDefaultVersion(_ number: Int, ofDocument name: String) throws(Failure) -> DocumentRecord
    /// All versions, or the one that is selected.
    func deleteDocument(_ selection: DocumentSelection) throws(Failure)
    /// A document of the account's, or one that is shared with it, with the version that is meant.
    func document(_ selection: DocumentSelection) throws(Failure) -> (record: DocumentRecord, version: DocumentVersion)
    /// The account's own, by name.
    func documents() throws(Failure) -> [DocumentRecord]
    func documentShares(_ name: String) throws(Failure) -> [DocumentShare]
    func shareDocument(_ name: String, with: [DocumentShare], notWith: [String]) throws(Failure)
    func tagDocument(_ name: String, with tags: TagSet) throws(Failure)
    func untagDocument(_ name: String, keys: [String]) throws(Failure)
}

extension PlaneError {
    package static let noDocument = PlaneError(.invalidDocument, "The specified document does not exist.")
    package static let noDocumentVersion = PlaneError(
        .invalidDocumentVersion, "The document version is not valid or does not exist.")
}
