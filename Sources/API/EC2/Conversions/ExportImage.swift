import Cloud
import Model

/// Begins the export of an image into S3.
struct ExportImage: EC2Action {
    private let wish: ImageExport
    private let tags: TagSet

    init(_ input: QueryInput) throws(APIError) {
        let image = try input.imageID()
        let format = try DiskFormat(asked: try input.required("DiskImageFormat"))
        guard let location = input.structure("S3ExportLocation") else { throw .missing("S3ExportLocation") }
        var wish = ImageExport(image: image, format: format, bucket: try location.required("S3Bucket"))
        wish.prefix = location.string("S3Prefix")
        wish.description = input.string("Description")
        wish.role = input.string("RoleName")
        wish.clientToken = input.string("ClientToken")
        tags = try input.tagSpecifications("export-image-task")["export-image-task"] ?? TagSet()
        self.wish = wish
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let task = try asking { () throws(Failure) in try call.actions.exportImage(wish, tags: tags) }
        answer.element("diskImageFormat", wish.format.rawValue)
        answer.element("roleName", ifPresent: wish.role)
        answer.imageExport(task)
    }
}

/// Ends the import of an image or a snapshot.
struct CancelImportTask: EC2Action {
    private let id: String

    init(_ input: QueryInput) throws(APIError) {
        id = try input.conversionID("ImportTaskId", .importImage, .importSnapshot)
        _ = input.string("CancelReason")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let result = try asking { () throws(Failure) in try call.actions.cancelConversion(id) }
        answer.element("importTaskId", id)
        answer.element("previousState", result.before.rawValue)
        answer.element("state", result.task.status.rawValue)
    }
}

/// Ends the export of an image.
struct CancelExportTask: EC2Action {
    private let id: String

    init(_ input: QueryInput) throws(APIError) { id = try input.conversionID("ExportTaskId", .exportImage) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        _ = try asking { () throws(Failure) in try call.actions.cancelConversion(id) }
        answer.done()
    }
}

extension QueryInput {
    /// The id of a task, in the form of one of those kinds.
    fileprivate func conversionID(_ key: String, _ kinds: ConversionTask.Kind...) throws(APIError) -> String {
        let text = try required(key)
        guard kinds.contains(where: { $0.has(text) }) else { throw .malformed(conversion: text, kinds) }
        return text
    }
}

extension ConversionTask.Kind {
    /// Whether a text has the form of an id of such a task.
    func has(_ id: String) -> Bool {
        switch self {
        case .importImage: (try? ResourceID<ImportImageTaskKind>(parsing: id)) != nil
        case .importSnapshot: (try? ResourceID<ImportSnapshotTaskKind>(parsing: id)) != nil
        case .exportImage: (try? ResourceID<ExportImageTaskKind>(parsing: id)) != nil
        case .bundle: (try? ResourceID<BundleTaskKind>(parsing: id)) != nil
        }
    }
}

extension APIError {
    /// What has not even the form of an id of such a task.
    static func malformed(conversion id: String, _ kinds: [ConversionTask.Kind]) -> APIError {
        kinds.contains(.exportImage)
            ? APIError(.invalidExportTaskIDMalformed, "The export task ID '\(id.prefix(60))' is malformed.")
            : APIError(.invalidConversionTaskIDMalformed, "The conversion task ID '\(id.prefix(60))' is malformed.")
    }
}
