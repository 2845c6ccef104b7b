import Cloud
import Model

/// Begins the import of an image of disks in S3.
struct ImportImage: EC2Action {
    private let wish: ImageImport
    private let tags: TagSet

    init(_ input: QueryInput) throws(APIError) {
        let containers = try input.structures("DiskContainer")
        guard !containers.isEmpty else { throw .missing("DiskContainer") }
        var wish = ImageImport(disks: try containers.map { container throws(APIError) in try DiskContainer(container) })
        wish.description = input.string("Description")
        wish.architecture = try input.choice("Architecture")
        wish.bootMode = try input.choice("BootMode")
        wish.isEncrypted = try input.bool("Encrypted") ?? false
        wish.key = input.string("KmsKeyId")
        wish.licenseType = try Self.word(input, "LicenseType", of: ["auto", "AWS", "BYOL"])
        wish.usageOperation = input.string("UsageOperation")
        wish.clientToken = input.string("ClientToken")
        _ = try Self.word(input, "Hypervisor", of: ["xen"])
        if try Self.word(input, "Platform", of: ["Linux", "Windows"]) == "Windows" {
            throw APIError(.unsupportedOperation, "Images of Windows can't be imported: their file systems are not read.")
        }
        if !(try input.structures("LicenseSpecifications")).isEmpty {
            throw APIError(.unsupportedOperation, "There is no AWS License Manager here.")
        }
        try input.readClientData()
        // Whoever may sign may read the buckets.
        _ = input.string("RoleName")
        tags = try input.tagSpecifications("import-image-task")["import-image-task"] ?? TagSet()
        self.wish = wish
    }

    private static func word(_ input: QueryInput, _ name: String, of words: [String]) throws(APIError) -> String? {
        guard let text = input.string(name) else { return nil }
        guard words.contains(text) else { throw .invalid(text, of: name) }
        return text
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let task = try asking { () throws(Failure) in try call.actions.importImage(wish, tags: tags) }
        answer.imageImport(task)
    }
}

/// Begins the import of a snapshot of a disk in S3.
struct ImportSnapshot: EC2Action {
    private let wish: SnapshotImport
    private let tags: TagSet

    init(_ input: QueryInput) throws(APIError) {
        guard let container = input.structure("DiskContainer") else { throw .missing("DiskContainer") }
        var wish = SnapshotImport(disk: try DiskContainer(container, isOfObject: true))
        wish.description = input.string("Description")
        wish.isEncrypted = try input.bool("Encrypted") ?? false
        wish.key = input.string("KmsKeyId")
        wish.clientToken = input.string("ClientToken")
        try input.readClientData()
        _ = input.string("RoleName")
        tags = try input.tagSpecifications("import-snapshot-task")["import-snapshot-task"] ?? TagSet()
        self.wish = wish
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let task = try asking { () throws(Failure) in try call.actions.importSnapshot(wish, tags: tags) }
        answer.snapshotImport(task)
    }
}

extension QueryInput {
    /// What a client says of its upload, on which nothing depends; it must have the right form.
    fileprivate func readClientData() throws(APIError) {
        guard let data = structure("ClientData") else { return }
        _ = data.string("Comment")
        for key in ["UploadStart", "UploadEnd"] where data.string(key) != nil { _ = try data.instant(key) }
        if let size = data.string("UploadSize"), Double(size) == nil { throw .invalid(size, of: "ClientData.UploadSize") }
    }
}

extension DiskContainer {
    /// A disk as a request names it: an object of S3 by its bucket or its address, or a snapshot where that is taken.
    init(_ input: QueryInput, isOfObject: Bool = false) throws(APIError) {
        let format = try Self.format(input.string("Format"))
        let url = input.string("Url")
        let bucket = input.structure("UserBucket")
        let snapshot = isOfObject ? nil : input.string("SnapshotId")
        guard [url != nil, bucket != nil, snapshot != nil].filter({ $0 }).count == 1 else {
            throw APIError(
                .invalidParameterCombination, "A disk container must have one of the parameters UserBucket, Url and SnapshotId.")
        }
        if let snapshot {
            self.init(.snapshot(try SnapshotID(asked: snapshot)), format: nil)
        } else {
            guard let format else { throw .missing("DiskContainer.Format") }
            self.init(.object(try Self.object(bucket, url)), format: format)
        }
        self.url = url
        description = input.string("Description")
        device = isOfObject ? nil : input.string("DeviceName")
    }

    private static func object(_ bucket: QueryInput?, _ url: String?) throws(APIError) -> ObjectPlace {
        if let bucket {
            let name = try bucket.required("S3Bucket")
            let key = try bucket.required("S3Key")
            guard (try? BucketName(parsing: name)) != nil else { throw APIError(.noBucket(name)) }
            guard let object = ObjectPlace(bucket: name, key: key) else {
                throw APIError(.invalidParameter, "There is no object \(key.prefix(100)) in a bucket \(name.prefix(63)).")
            }
            return object
        }
        guard let url, let object = ObjectPlace(url: url) else {
            throw APIError(.invalidParameter, "The URL of a disk container is no address of an object in Amazon S3.")
        }
        return object
    }

    private static func format(_ text: String?) throws(APIError) -> DiskFormat? {
        try text.map { text throws(APIError) in try DiskFormat(asked: text) }
    }
}

extension DiskFormat {
    /// In capitals or not, as AWS takes them.
    init(asked text: String) throws(APIError) {
        guard let format = DiskFormat(rawValue: text.uppercased()) else {
            let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIError(.invalidFormat, "The disk format \(text.prefix(20)) is not carried here; these are: \(known).")
        }
        self = format
    }
}
