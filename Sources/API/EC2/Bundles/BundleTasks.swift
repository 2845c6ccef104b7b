import Cloud
import Model

/// Begins to bundle an instance of an instance store into S3.
struct BundleInstance: EC2Action {
    private let wish: InstanceBundle

    init(_ input: QueryInput) throws(APIError) {
        let instance = try InstanceID(asked: try input.required("InstanceId"))
        guard let storage = input.structure("Storage")?.structure("S3") else { throw .missing("Storage") }
        var wish = InstanceBundle(
            instance: instance, bucket: try storage.required("Bucket"), prefix: try storage.required("Prefix"))
        wish.accessKey = storage.string("AWSAccessKeyId")
        // Whoever may sign may write the buckets.
        _ = storage.string("UploadPolicy")
        _ = storage.string("UploadPolicySignature")
        self.wish = wish
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let task = try asking { () throws(Failure) in try call.actions.bundleInstance(wish) }
        answer.element("bundleInstanceTask") { $0.bundle(task) }
    }
}

/// The bundle tasks of the caller.
struct DescribeBundleTasks: EC2Action {
    private let ids: [String]
    private let filters: [ResourceFilter]

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("BundleId")
        filters = try input.filters()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.conversions(.bundle) }
        let shown = try all.named(ids, by: \.id) { APIError(.notFound(bundle: $0)) }.kept { task throws(APIError) in
            try filters.accept(
                [
                    "bundle-id": [task.id], "error-code": task.bundleError.map { [$0.code] } ?? [],
                    "error-message": task.bundleError.map { [$0.message] } ?? [],
                    "instance-id": task.bundle.map { [$0.instance.description] } ?? [], "progress": ["\(task.progress)%"],
                    "s3-bucket": task.bundle.map { [$0.bucket] } ?? [], "s3-prefix": task.bundle.map { [$0.prefix] } ?? [],
                    "start-time": [task.created.withMilliseconds], "state": [task.bundleState],
                    "update-time": [task.updated.withMilliseconds],
                ])
        }
        answer.list("bundleInstanceTasksSet", shown) { task, xml in xml.bundle(task) }
    }
}

/// Ends a bundle task.
struct CancelBundleTask: EC2Action {
    private let id: String

    init(_ input: QueryInput) throws(APIError) { id = try input.required("BundleId") }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let known = try asking { () throws(Failure) in try call.actions.conversions(.bundle) }
        guard known.contains(where: { $0.id == id }) else { throw APIError(.notFound(bundle: id)) }
        let task = try asking { () throws(Failure) in try call.actions.cancelConversion(id).task }
        answer.element("bundleInstanceTask") { $0.bundle(task) }
    }
}

extension ConversionTask {
    /// By EC2's words for bundle tasks.
    fileprivate var bundleState: String {
        switch status {
        case .active: ["waiting-for-shutdown", "bundling", "storing"].first { $0 == message } ?? "pending"
        case .completed: "complete"
        case .deleting: "cancelling"
        case .deleted: "failed"
        }
    }

    /// Why it failed; nil where it did not. The message begins with whose fault it was.
    fileprivate var bundleError: (code: String, message: String)? {
        guard status == .deleted, let message else { return nil }
        guard let colon = message.firstRange(of: "Error: ") else { return ("Client.Cancelled", message) }
        return ("\(message[..<colon.lowerBound]).BundleError", String(message[colon.upperBound...]))
    }
}

extension XMLWriter {
    /// The members of a bundle task.
    fileprivate mutating func bundle(_ task: ConversionTask) {
        guard let wish = task.bundle else { return }
        element("bundleId", task.id)
        if let error = task.bundleError {
            element("error") { xml in
                xml.element("code", error.code)
                xml.element("message", error.message)
            }
        }
        element("instanceId", wish.instance.description)
        element("progress", "\(task.progress)%")
        element("startTime", task.created.withMilliseconds)
        element("state", task.bundleState)
        element("storage") { xml in
            xml.element("S3") { xml in
                xml.element("AWSAccessKeyId", ifPresent: wish.accessKey)
                xml.element("bucket", wish.bucket)
                xml.element("prefix", wish.prefix)
            }
        }
        element("updateTime", task.updated.withMilliseconds)
    }
}
