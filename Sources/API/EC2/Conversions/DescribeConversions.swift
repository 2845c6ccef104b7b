import Cloud
import Model

struct DescribeImportImageTasks: EC2Action {
    private let query: ConversionQuery

    init(_ input: QueryInput) throws(APIError) {
        query = try ConversionQuery(input, .importImage, ids: "ImportTaskId", filters: "Filters")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try query.run(call, &answer, as: "importImageTaskSet") { task, xml in xml.imageImport(task) }
    }
}

struct DescribeImportSnapshotTasks: EC2Action {
    private let query: ConversionQuery

    init(_ input: QueryInput) throws(APIError) {
        query = try ConversionQuery(input, .importSnapshot, ids: "ImportTaskId", filters: "Filters")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try query.run(call, &answer, as: "importSnapshotTaskSet") { task, xml in xml.snapshotImport(task) }
    }
}

struct DescribeExportImageTasks: EC2Action {
    private let query: ConversionQuery

    init(_ input: QueryInput) throws(APIError) {
        query = try ConversionQuery(input, .exportImage, ids: "ExportImageTaskId", filters: "Filter")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try query.run(call, &answer, as: "exportImageTaskSet") { task, xml in xml.imageExport(task) }
    }
}

/// What the three have in common.
private struct ConversionQuery {
    let kind: ConversionTask.Kind
    let ids: [String]
    let filters: [ResourceFilter]
    let limit: Int?
    let after: PageToken?

    init(_ input: QueryInput, _ kind: ConversionTask.Kind, ids: String, filters: String) throws(APIError) {
        self.kind = kind
        self.ids = try input.strings(ids)
        for id in self.ids where !kind.has(id) { throw .malformed(conversion: id, [kind]) }
        self.filters = try input.filters(filters)
        limit = try input.limit("MaxResults", 1...500)
        after = try input.pageToken()
    }

    func run(
        _ call: Call, _ answer: inout XMLWriter, as name: String, _ write: (ConversionTask, inout XMLWriter) -> Void
    ) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.conversions(kind) }
        let named = try all.named(ids, by: \.id) { APIError(.notFound(conversion: $0)) }
        let (tasks, next) = try named.kept { task throws(APIError) in
            try filters.accept(["task-state": [task.status.rawValue]], tags: task.tags)
        }.page(after: after, limit: limit)
        answer.list(name, tasks, write)
        answer.element("nextToken", ifPresent: next?.description)
    }
}

extension XMLWriter {
    /// The members of a task that imports an image.
    mutating func imageImport(_ task: ConversionTask) {
        guard case .image(let wish) = task.request else { return }
        element("importTaskId", task.id)
        element("architecture", (wish.architecture ?? .x86).rawValue)
        element("bootMode", ifPresent: wish.bootMode?.rawValue)
        element("description", ifPresent: wish.description)
        element("encrypted", task.key != nil)
        element("hypervisor", "xen")
        element("imageId", ifPresent: task.image?.description)
        element("kmsKeyId", ifPresent: task.key?.description)
        element("licenseType", ifPresent: wish.licenseType)
        element("platform", "Linux")
        element("usageOperation", ifPresent: wish.usageOperation)
        state(of: task)
        list("snapshotDetailSet", zip(wish.disks, task.disks)) { disk, xml in
            xml.container(disk.0, disk.1)
            xml.element("deviceName", ifPresent: disk.1.device)
            // A disk is known to be done when all are.
            xml.element("status", ifPresent: disk.1.size == nil ? nil : task.status.rawValue)
        }
        tags(task.tags)
    }

    /// The members of a task that imports a snapshot.
    mutating func snapshotImport(_ task: ConversionTask) {
        guard case .snapshot(let wish) = task.request, let disk = task.disks.first else { return }
        element("importTaskId", task.id)
        element("description", ifPresent: wish.description)
        element("snapshotTaskDetail") { xml in
            xml.container(wish.disk, disk)
            xml.element("encrypted", task.key != nil)
            xml.element("kmsKeyId", ifPresent: task.key?.description)
            xml.state(of: task)
        }
        tags(task.tags)
    }

    /// The members of a task that exports an image.
    mutating func imageExport(_ task: ConversionTask) {
        guard case .export(let wish) = task.request else { return }
        element("exportImageTaskId", task.id)
        element("description", ifPresent: wish.description)
        element("imageId", wish.image.description)
        state(of: task)
        element("s3ExportLocation") { xml in
            xml.element("s3Bucket", wish.bucket)
            xml.element("s3Prefix", ifPresent: wish.prefix)
        }
        tags(task.tags)
    }

    private mutating func container(_ disk: DiskContainer, _ converted: ConvertedDisk) {
        element("description", ifPresent: disk.description)
        element("diskImageSize", ifPresent: converted.size.map { "\($0).0" })
        element("format", ifPresent: disk.format?.rawValue)
        element("snapshotId", ifPresent: Self.snapshot(disk, converted)?.description)
        if let url = disk.url {
            element("url", url)
        } else if case .object(let object) = disk.source {
            element("userBucket") { xml in
                xml.element("s3Bucket", object.bucket)
                xml.element("s3Key", object.key)
            }
        }
    }

    private static func snapshot(_ disk: DiskContainer, _ converted: ConvertedDisk) -> SnapshotID? {
        if case .snapshot(let id) = disk.source { converted.snapshot ?? id } else { converted.snapshot }
    }

    /// AWS tells the progress of what is under way alone.
    private mutating func state(of task: ConversionTask) {
        element("status", task.status.rawValue)
        element("statusMessage", ifPresent: task.message)
        if !task.status.isOver { element("progress", String(task.progress)) }
    }
}
