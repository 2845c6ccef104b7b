import Cloud
import Model

/// The images that the caller can see.
struct DescribeImages: EC2Action {
    private let query: ImageQuery

    init(_ input: QueryInput) throws(APIError) {
        var query = ImageQuery(filters: try input.filters(), limit: try input.limit(), after: try input.pageToken())
        query.ids = try input.imageIDs()
        if query.ids != nil, query.limit != nil {
            throw APIError(
                "InvalidParameterCombination", "The parameter imageIdSet cannot be used with the parameter maxResults")
        }
        for text in try input.strings("Owner") { query.owners.append(try ImageQuery.Owner(asked: text, input)) }
        for text in try input.strings("ExecutableBy") {
            query.executableBy.append(try ImageQuery.Executor(asked: text, input))
        }
        query.includesDeprecated = try input.bool("IncludeDeprecated") ?? false
        query.includesDisabled = try input.bool("IncludeDisabled") ?? false
        self.query = query
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        answer.open("imagesSet")
        let next = try asking { () throws(Failure) in
            try call.actions.describeImages(query) { image throws(Failure) in answer.image(image) }
        }
        answer.close("imagesSet")
        answer.element("nextToken", ifPresent: next?.description)
    }
}

extension XMLWriter {
    /// One image of a list, with the constants that EC2 reports of a Linux image.
    fileprivate mutating func image(_ description: ImageDescription) {
        let image = description.image
        let machine = image.machine
        open("item")
        element("imageId", image.id.description)
        element("imageLocation", image.location)
        element("imageState", image.state.rawValue)
        element("imageOwnerId", image.owner.description)
        element("imageOwnerAlias", ifPresent: description.ownerAlias?.rawValue)
        element("creationDate", image.created.withMilliseconds)
        element("isPublic", image.isPublic)
        if !image.products.isEmpty { products(image.products) }
        element("architecture", image.architecture.rawValue)
        element("imageType", "machine")
        element("kernelId", ifPresent: machine.kernel)
        element("ramdiskId", ifPresent: machine.ramdisk)
        element("platformDetails", "Linux/UNIX")
        element("usageOperation", "RunInstances")
        element("sriovNetSupport", ifPresent: machine.sriovNetSupport)
        element("enaSupport", machine.isENASupported)
        if let reason = image.stateReason {
            element("stateReason") { xml in
                xml.element("code", reason.code)
                xml.element("message", reason.message)
            }
        }
        element("name", image.name.description)
        if !image.description.isEmpty { element("description", image.description) }
        element("rootDeviceType", machine.rootDevice.rawValue)
        element("rootDeviceName", image.rootDeviceName)
        blockDevices(of: image)
        element("virtualizationType", machine.virtualization.rawValue)
        tags(image.tags)
        element("hypervisor", "xen")
        element("bootMode", ifPresent: machine.bootMode?.rawValue)
        if machine.needsTPM { element("tpmSupport", MachineAttributes.version2) }
        element("deprecationTime", ifPresent: image.deprecation?.withMilliseconds)
        if machine.needsIMDSv2 { element("imdsSupport", MachineAttributes.version2) }
        element("sourceInstanceId", ifPresent: image.sourceInstance?.description)
        element("deregistrationProtection", image.protection.text(at: description.now))
        element("lastLaunchedTime", ifPresent: image.lastLaunched?.withMilliseconds)
        if let isAllowed = description.isAllowed { element("imageAllowed", isAllowed) }
        element("sourceImageId", ifPresent: image.madeOf?.image.description)
        element("sourceImageRegion", ifPresent: image.madeOf?.region.description)
        if !image.watermarks.isEmpty { watermarks(image.watermarks) }
        close("item")
    }

    mutating func products(_ products: [ProductCode]) {
        list("productCodes", products) { product, xml in
            xml.element("productCode", product.code)
            xml.element("type", product.kind.rawValue)
        }
    }

    private mutating func watermarks(_ watermarks: [Watermark]) {
        list("imageWatermarkSet", watermarks) { mark, xml in
            xml.element("watermarkKey", mark.key)
            xml.element("sourceImageRegion", mark.source.region.description)
            xml.element("sourceImageId", mark.source.image.description)
            xml.element("sourceImageCreationTime", mark.sourceCreated.withMilliseconds)
            xml.element("watermarkCreationTime", mark.attached.withMilliseconds)
        }
    }

    /// Volumes, then devices that are none.
    mutating func blockDevices(of image: ImageRecord) {
        open("blockDeviceMapping")
        for mapping in image.volumes {
            open("item")
            element("deviceName", mapping.deviceName)
            open("ebs")
            element("snapshotId", ifPresent: mapping.snapshot?.description)
            element("volumeSize", mapping.volume.size)
            element("deleteOnTermination", mapping.volume.isDeletedOnTermination)
            element("volumeType", mapping.volume.type.rawValue)
            element("iops", ifPresent: mapping.volume.iops)
            element("throughput", ifPresent: mapping.volume.throughput)
            element("encrypted", mapping.volume.isEncrypted)
            close("ebs")
            close("item")
        }
        for device in image.virtualDevices {
            open("item")
            element("deviceName", device.deviceName)
            if let name = device.virtualName { element("virtualName", name) } else { element("noDevice", "") }
            close("item")
        }
        close("blockDeviceMapping")
    }
}
