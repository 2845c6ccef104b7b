import Cloud
import Model

/// A document with its content.
struct GetDocument: JSONAction {
    let documentName: String
    let version: String?
    let versionName: String?
    let format: String?

    private enum CodingKeys: String, CodingKey {
        case documentName = "Name"
        case version = "DocumentVersion"
        case versionName = "VersionName"
        case format = "DocumentFormat"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let format = try DocumentFormat(member: format)
        let selection = try DocumentInput.selection(documentName, version, versionName)
        let shown: ShownDocument
        let content: DocumentContent
        if AmazonDocument.all.contains(where: { $0.name == documentName }) {
            shown = try call.shownDocument(selection)
            let body = try asking { () throws(Failure) in try JSONReader.read(Array(shown.content.utf8), what: documentName) }
            content = DocumentContent(text: shown.content, format: .json, body: body)
        } else {
            let found = try call.documents { (actions) throws(Failure) in
                // A version that is not there is a document that is not there, to this action.
                do throws(Failure) { return try actions.document(selection) } catch {
                    throw error.planeError?.code == .invalidDocumentVersion ? Failure(.noDocument) : error
                }
            }
            shown = try ShownDocument(found.record, found.version)
            content = DocumentContent(text: found.version.content, format: found.version.format, body: found.version.body)
        }
        answer.field("Name", shown.name)
        if let created = shown.created { answer.field("CreatedDate", created.seconds) }
        answer.field("VersionName", ifPresent: shown.versionName)
        answer.field("DocumentVersion", shown.version)
        answer.field("Status", "Active")
        answer.field("Content", try DocumentText.text(content, format))
        answer.field("DocumentType", "Command")
        answer.field("DocumentFormat", format.rawValue)
    }
}

/// What a document says of itself.
struct DescribeDocument: JSONAction {
    let documentName: String
    let version: String?
    let versionName: String?

    private enum CodingKeys: String, CodingKey {
        case documentName = "Name"
        case version = "DocumentVersion"
        case versionName = "VersionName"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let shown = try call.shownDocument(try DocumentInput.selection(documentName, version, versionName))
        answer.field("Document") { $0.description(of: shown) }
    }
}

/// The account's documents and Amazon's, by name.
struct ListDocuments: JSONAction {
    let filters: [DocumentFilter]?
    let oldFilters: [OldFilter]?
    let limit: Int?
    let token: String?

    private enum CodingKeys: String, CodingKey {
        case filters = "Filters"
        case oldFilters = "DocumentFilterList"
        case limit = "MaxResults"
        case token = "NextToken"
    }

    /// The filters of an earlier API.
    struct OldFilter: Decodable {
        let key: String
        let value: String
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let filters = (filters ?? []) + (oldFilters ?? []).map { DocumentFilter(key: $0.key, values: [$0.value]) }
        let own = try call.documents { (actions) throws(Failure) in try actions.documents() }
        var all = AmazonDocument.all.map { ShownDocument($0) }
        for record in own { all.append(try ShownDocument(record, record.usual)) }
        let found = try all.kept { (shown) throws(APIError) in
            for filter in filters where try !filter.accepts(shown) { return false }
            return true
        }
        let page = try SSMPage(found.sorted { $0.name < $1.name }, limit: limit, token: token, most: 50)
        answer.field("DocumentIdentifiers", page.elements) { shown, json in json.identifier(of: shown) }
        answer.field("NextToken", ifPresent: page.next)
    }
}

/// A condition on documents in a list.
struct DocumentFilter: Decodable, Sendable {
    let key: String
    let values: [String]?

    private enum CodingKeys: String, CodingKey {
        case key = "Key"
        case values = "Values"
    }

    init(key: String, values: [String]?) {
        self.key = key
        self.values = values
    }

    func accepts(_ shown: ShownDocument) throws(APIError) -> Bool {
        let values = values ?? []
        if key.hasPrefix("tag:") { return shown.tags[String(key.dropFirst(4))].map(values.contains) ?? false }
        switch key {
        case "Name": return values.contains { shown.name.hasPrefix($0) }
        case "Owner":
            return values.contains { value in
                switch value {
                case "Self", "Private": shown.owner != AmazonDocument.owner
                case "Amazon": shown.owner == AmazonDocument.owner
                default: value == "All"
                }
            }
        case "PlatformTypes": return values.contains { ShownDocument.platforms.contains($0) }
        case "DocumentType": return values.contains("Command")
        case "SchemaVersion": return values.contains(shown.document.schema)
        case "TargetType": return values.contains { $0 == shown.targetType }
        case "SearchKeyword": return values.allSatisfy { shown.name.lowercased().contains($0.lowercased()) }
        default: throw APIError("InvalidFilterKey", "The specified key isn't valid: \(key.prefix(128)).")
        }
    }
}

/// The versions of a document, the newest first.
struct ListDocumentVersions: JSONAction {
    let documentName: String
    let limit: Int?
    let token: String?

    private enum CodingKeys: String, CodingKey {
        case documentName = "Name"
        case limit = "MaxResults"
        case token = "NextToken"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let record = try call.documents { (actions) throws(Failure) in
            try actions.document(DocumentSelection(documentName)).record
        }
        // Of somebody else's it is shown what is shared.
        let versions = record.owner == call.account ? record.versions : [record.usual]
        let page = try SSMPage(Array(versions.reversed()), limit: limit, token: token, most: 50)
        answer.field("DocumentVersions", page.elements) { version, json in
            json.field("Name", record.name)
            json.field("DocumentVersion", String(version.number))
            json.field("VersionName", ifPresent: version.name)
            json.field("CreatedDate", version.created.seconds)
            json.field("IsDefaultVersion", version.number == record.defaultVersion)
            json.field("DocumentFormat", version.format.rawValue)
            json.field("Status", "Active")
        }
        answer.field("NextToken", ifPresent: page.next)
    }
}
