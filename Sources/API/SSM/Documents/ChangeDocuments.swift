import Cloud
import Model

/// Makes a document of the type Command.
struct CreateDocument: JSONAction {
    let content: String
    let documentName: String
    let versionName: String?
    let type: String?
    let format: String?
    let targetType: String?
    let tags: [Tag]?

    private enum CodingKeys: String, CodingKey {
        case content = "Content"
        case documentName = "Name"
        case versionName = "VersionName"
        case type = "DocumentType"
        case format = "DocumentFormat"
        case targetType = "TargetType"
        case tags = "Tags"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        guard type == nil || type == "Command" else {
            throw APIError(.validationException, "Documents of the type \(type?.prefix(60) ?? "") are not supported here.")
        }
        var new = DocumentCreation(
            name: try DocumentInput.newName(documentName), content: try DocumentText.read(content, format))
        new.versionName = try DocumentInput.versionName(versionName)
        new.targetType = try DocumentInput.targetType(targetType)
        new.tags = try askingSSM { () throws(Failure) in try TagSet(tags ?? []) }
        let ready = new
        let record = try call.documents { (actions) throws(Failure) in try actions.createDocument(ready) }
        let shown = try ShownDocument(record, record.latest)
        answer.field("DocumentDescription") { $0.description(of: shown) }
    }
}

/// Makes a new version of a document.
struct UpdateDocument: JSONAction {
    let content: String
    let documentName: String
    let versionName: String?
    let version: String?
    let format: String?
    let targetType: String?

    private enum CodingKeys: String, CodingKey {
        case content = "Content"
        case documentName = "Name"
        case versionName = "VersionName"
        case version = "DocumentVersion"
        case format = "DocumentFormat"
        case targetType = "TargetType"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let content = try DocumentText.read(content, format)
        guard let base = version.flatMap(DocumentSelection.Version.init) else { throw APIError(.noDocumentVersion) }
        let named = try DocumentInput.versionName(versionName)
        let target = try DocumentInput.targetType(targetType)
        let record = try call.documents { (actions) throws(Failure) in
            try actions.updateDocument(documentName, from: base, content, versionName: named, targetType: target)
        }
        let shown = try ShownDocument(record, record.latest)
        answer.field("DocumentDescription") { $0.description(of: shown) }
    }
}

/// Says which version is meant where none is named.
struct UpdateDocumentDefaultVersion: JSONAction {
    let documentName: String
    let version: String

    private enum CodingKeys: String, CodingKey {
        case documentName = "Name"
        case version = "DocumentVersion"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        guard let number = Int(version) else { throw APIError(.noDocumentVersion) }
        let record = try call.documents { (actions) throws(Failure) in
            try actions.setDefaultVersion(number, ofDocument: documentName)
        }
        answer.field("Description") { json in
            json.field("Name", record.name)
            json.field("DefaultVersion", String(record.defaultVersion))
            json.field("DefaultVersionName", ifPresent: record.usual.name)
        }
    }
}

/// Deletes a document, or a version of it that is not the default one.
struct DeleteDocument: JSONAction {
    let documentName: String
    let version: String?
    let versionName: String?

    private enum CodingKeys: String, CodingKey {
        case documentName = "Name"
        case version = "DocumentVersion"
        case versionName = "VersionName"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let selection = try DocumentInput.selection(documentName, version, versionName)
        try call.documents { (actions) throws(Failure) in try actions.deleteDocument(selection) }
    }
}
