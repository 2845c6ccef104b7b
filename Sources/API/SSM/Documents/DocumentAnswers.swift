import Cloud
import Crypto
import Model

/// A document as lists and descriptions show it: an account's, or one of Amazon's.
struct ShownDocument {
    let name: String
    let owner: String
    let version: String
    var versionName: String?
    let format: DocumentFormat
    let content: String
    let document: CommandDocument
    var created: Instant?
    var targetType: String?
    var latest = "1"
    var usual = "1"
    var tags = TagSet()

    /// What a document's plugin runs on.
    static let platforms = ["Linux", "MacOS"]

    init(_ document: AmazonDocument) {
        name = document.name
        owner = AmazonDocument.owner
        version = "1"
        format = .json
        content = document.content
        self.document = document.document
    }

    init(_ record: DocumentRecord, _ version: DocumentVersion) throws(APIError) {
        name = record.name
        owner = record.owner.description
        self.version = String(version.number)
        versionName = version.name
        format = version.format
        content = version.content
        document = try askingSSM { () throws(Failure) in try version.document() }
        created = version.created
        targetType = record.targetType
        latest = String(record.latest.number)
        usual = String(record.defaultVersion)
        tags = record.tags
    }
}

extension JSONWriter {
    mutating func description(of shown: ShownDocument) {
        field("Hash", SHA256.digest(of: shown.content).hex)
        field("HashType", "Sha256")
        members(of: shown)
        field("Status", "Active")
        if !shown.document.description.isEmpty { field("Description", shown.document.description) }
        field("Parameters", shown.document.parameters) { parameter, json in
            json.field("Name", parameter.name)
            json.field("Type", parameter.kind.rawValue)
            if !parameter.description.isEmpty { json.field("Description", parameter.description) }
            json.field("DefaultValue", ifPresent: parameter.usual.map(\.shown))
        }
        field("LatestVersion", shown.latest)
        field("DefaultVersion", shown.usual)
    }

    mutating func identifier(of shown: ShownDocument) { members(of: shown) }

    private mutating func members(of shown: ShownDocument) {
        field("Name", shown.name)
        field("VersionName", ifPresent: shown.versionName)
        field("Owner", shown.owner)
        if let created = shown.created { field("CreatedDate", created.seconds) }
        field("DocumentVersion", shown.version)
        field("PlatformTypes", ShownDocument.platforms)
        field("DocumentType", "Command")
        field("SchemaVersion", shown.document.schema)
        field("DocumentFormat", shown.format.rawValue)
        field("TargetType", ifPresent: shown.targetType)
        field("Tags", list: shown.tags)
    }
}

extension JSONValue {
    /// A default as descriptions show it: a text as it is, anything else as JSON.
    fileprivate var shown: String { string ?? (try? CanonicalJSON.text(of: self)) ?? "" }
}
