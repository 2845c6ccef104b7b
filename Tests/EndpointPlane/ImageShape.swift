import Cloud
import Model
import XML

extension ImageDescription {
    /// One image of DescribeImages.
    init(_ item: XMLElement, in region: RegionName, now: Instant) throws(Failure) {
        self.init(
            image: try ImageRecord(item, in: region), ownerAlias: try item.word(optional: "imageOwnerAlias"),
            isAllowed: item["imageAllowed"] == nil ? nil : try item.flag("imageAllowed"), now: now)
    }
}

extension ImageRecord {
    fileprivate init(_ item: XMLElement, in region: RegionName) throws(Failure) {
        self.init(
            id: try item.value("imageId"), region: region, name: try item.value("name"),
            description: item.optional("description") ?? "", state: try item.word("imageState"),
            failureReason: item["stateReason"]?.optional("message"), release: nil, root: nil, logicalSize: 0,
            architecture: try item.word("architecture"), created: try item.value("creationDate"),
            owner: try item.value("imageOwnerId"), source: try ImageSource(item), parent: nil,
            rootDeviceName: try item.text("rootDeviceName"), volumes: [], tags: try item.tags())
        if try item.flag("isPublic") { permissions = [.everyone] }
        machine = try MachineAttributes(item)
        products = try item.items("productCodes") { product throws(Failure) in
            ProductCode(try product.text("productCode"), kind: try product.word("type"))
        }
        watermarks = try item.items("imageWatermarkSet") { mark throws(Failure) in try Watermark(mark) }
        for mapping in item.items("blockDeviceMapping") {
            if let ebs = mapping["ebs"] {
                volumes.append(try VolumeMapping(try mapping.text("deviceName"), ebs))
            } else {
                let name = mapping.optional("virtualName")
                virtualDevices.append(VirtualDevice(deviceName: try mapping.text("deviceName"), virtualName: name))
            }
        }
        chosenDeprecation = try item.value(optional: "deprecationTime")
        protection = try DeregistrationProtection(item, "deregistrationProtection")
        lastLaunched = try item.value(optional: "lastLaunchedTime")
        sourceInstance = try item.value(optional: "sourceInstanceId")
    }
}

extension MachineAttributes {
    fileprivate init(_ item: XMLElement) throws(Failure) {
        self.init()
        rootDevice = try item.word("rootDeviceType")
        virtualization = try item.word("virtualizationType")
        isENASupported = try item.flag("enaSupport")
        sriovNetSupport = item.optional("sriovNetSupport")
        bootMode = try item.word(optional: "bootMode")
        needsTPM = item["tpmSupport"] != nil
        needsIMDSv2 = item["imdsSupport"] != nil
        kernel = item.optional("kernelId")
        ramdisk = item.optional("ramdiskId")
    }
}

extension VolumeMapping {
    fileprivate init(_ device: String, _ ebs: XMLElement) throws(Failure) {
        let volume = Volume(
            size: try ebs.int("volumeSize"), type: try ebs.word("volumeType"), isEncrypted: try ebs.flag("encrypted"),
            iops: try ebs.int(optional: "iops"), throughput: try ebs.int(optional: "throughput"),
            isDeletedOnTermination: try ebs.flag("deleteOnTermination"))
        self.init(deviceName: device, volume: volume, snapshot: try ebs.value(optional: "snapshotId"))
    }
}

extension ImageSource {
    /// What an image says it was made of; nil where it says nothing.
    init?(_ item: XMLElement) throws(Failure) {
        guard let image: ImageID = try item.value(optional: "sourceImageId") else { return nil }
        self.init(region: try item.value("sourceImageRegion"), image: image)
    }
}

extension Watermark {
    fileprivate init(_ item: XMLElement) throws(Failure) {
        self.init(
            key: try item.text("watermarkKey"),
            source: ImageSource(region: try item.value("sourceImageRegion"), image: try item.value("sourceImageId")),
            sourceCreated: try item.value("sourceImageCreationTime"), attached: try item.value("watermarkCreationTime"))
    }
}

extension DeregistrationProtection {
    init(_ item: XMLElement, _ name: String) throws(Failure) {
        let text = try item.text(name)
        let cooling = "disabled-after-"
        switch text {
        case "disabled": self = .disabled
        case "enabled-without-cooldown": self = .enabled(withCooldown: false)
        case "enabled-with-cooldown": self = .enabled(withCooldown: true)
        case _ where text.hasPrefix(cooling): self = .cooling(until: try Instant(parsing: String(text.dropFirst(cooling.count))))
        default: throw Failure(.corrupt, "<\(name)> of the answer is \(text)")
        }
    }
}

extension RecycledSpan {
    init(_ item: XMLElement) throws(Failure) {
        self.init(entered: try item.value("recycleBinEnterTime"), leaves: try item.value("recycleBinExitTime"))
    }
}
