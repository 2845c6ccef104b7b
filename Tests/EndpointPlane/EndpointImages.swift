import Cloud
import Model
import XML

// Looking at images, making and removing them.
extension EndpointActions {
    package func describeImages(
        _ query: ImageQuery, receive: (ImageDescription) throws(Failure) -> Void
    ) throws(Failure) -> PageToken? {
        let answer = try ask("DescribeImages") { form in
            form.list("ImageId", query.ids ?? [])
            form.owners(query.owners)
            form.executors("ExecutableBy", query.executableBy)
            form.filters(query.filters)
            form.set("IncludeDeprecated", ifTrue: query.includesDeprecated)
            form.set("IncludeDisabled", ifTrue: query.includesDisabled)
            form.page(query.limit, after: query.after)
        }
        for item in answer.items("imagesSet") {
            try receive(try ImageDescription(item, in: client.region, now: Instant(seconds: client.clock())))
        }
        return try answer.nextToken()
    }

    /// One attribute of an image of the caller's, and the image as lists show it.
    package func imageAttributes(_ id: ImageID) throws(Failure) -> ImageRecord {
        let answer = try ask("DescribeImageAttribute") { form in
            form.set("ImageId", id.description)
            form.set("Attribute", "launchPermission")
        }
        let query = ImageQuery(ids: [id], includesDeprecated: true, includesDisabled: true)
        guard var image = try describeImages(query).first?.image else {
            throw Failure(.corrupt, "the image \(id) has attributes and is in no list")
        }
        image.permissions = Set(try answer.items("launchPermission") { item throws(Failure) in try LaunchPermission(item) })
        return image
    }

    package func imageAncestry(_ id: ImageID) throws(Failure) -> [ImageAncestor] {
        try ask("GetImageAncestry") { $0.set("ImageId", id.description) }.items("imageAncestryEntrySet") { item throws(Failure) in
            ImageAncestor(
                image: try item.value("imageId"), created: try item.value(optional: "creationDate"),
                ownerAlias: try item.word(optional: "imageOwnerAlias"), source: try ImageSource(item))
        }
    }

    package func imageReferences(_ ids: [ImageID]) throws(Failure) -> [ImageReferenceEntry] {
        let answer = try ask("DescribeImageReferences") { form in
            form.list("ImageId", ids)
            form.set("IncludeAllResourceTypes", true)
        }
        return try answer.items("imageReferenceSet") { item throws(Failure) in
            ImageReferenceEntry(
                image: try item.value("imageId"), kind: try item.word("resourceType"), arn: try item.text("arn"))
        }
    }

    package func registerImage(_ new: ImageRegistration) throws(Failure) -> ImageID {
        try ask("RegisterImage") { form in
            form.set("Name", new.name)
            form.set("Description", new.description)
            form.set("Architecture", new.architecture.rawValue)
            form.set("RootDeviceName", new.rootDeviceName)
            form.machine(new.machine)
            form.structures("BlockDeviceMapping", new.volumes) { mapping, form in form.volume(mapping) }
            form.tagSpecifications([("image", new.tags)])
        }.value("imageId")
    }

    package func copyImage(_ copy: ImageCopying) throws(Failure) -> ImageID {
        try ask("CopyImage") { form in
            form.set("Name", copy.name)
            form.set("Description", copy.description)
            form.set("SourceRegion", copy.sourceRegion.description)
            form.set("SourceImageId", copy.source.description)
            form.set("Encrypted", ifTrue: copy.isEncrypted)
            form.set("KmsKeyId", copy.key)
            form.set("CopyImageTags", ifTrue: copy.copiesTags)
            form.tagSpecifications([("image", copy.tags), ("snapshot", copy.snapshotTags)])
            form.set("ClientToken", copy.clientToken)
        }.value("imageId")
    }

    @discardableResult
    package func deregisterImage(_ id: ImageID, deletingSnapshots: Bool) throws(Failure) -> [SnapshotDeletion] {
        let answer = try ask("DeregisterImage") { form in
            form.set("ImageId", id.description)
            form.set("DeleteAssociatedSnapshots", ifTrue: deletingSnapshots)
        }
        return try answer.items("deleteSnapshotResultSet") { item throws(Failure) in
            SnapshotDeletion(try item.value("snapshotId"), try item.word("returnCode"))
        }
    }

    package func imagesInRecycleBin(_ ids: [ImageID]?) throws(Failure) -> [RecycledImage] {
        let answer = try ask("ListImagesInRecycleBin") { $0.list("ImageId", ids ?? []) }
        return try answer.items("imageSet") { item throws(Failure) in
            RecycledImage(
                id: try item.value("imageId"), region: client.region, name: try item.value("name"),
                description: item.optional("description") ?? "", span: try RecycledSpan(item))
        }
    }

    package func restoreImage(_ id: ImageID) throws(Failure) {
        try run("RestoreImageFromRecycleBin") { $0.set("ImageId", id.description) }
    }
}

extension QueryForm {
    fileprivate mutating func machine(_ machine: MachineAttributes) {
        set("VirtualizationType", machine.virtualization.rawValue)
        set("EnaSupport", machine.isENASupported)
        set("SriovNetSupport", machine.sriovNetSupport)
        set("BootMode", machine.bootMode?.rawValue)
        set("TpmSupport", machine.needsTPM ? MachineAttributes.version2 : nil)
        set("ImdsSupport", machine.needsIMDSv2 ? MachineAttributes.version2 : nil)
        set("UefiData", machine.uefiData)
        set("KernelId", machine.kernel)
        set("RamdiskId", machine.ramdisk)
        set("ImageLocation", machine.manifestLocation)
        list("BillingProduct", machine.billingProducts)
    }

    fileprivate mutating func volume(_ mapping: VolumeMapping) {
        set("DeviceName", mapping.deviceName)
        structure("Ebs") { form in
            form.set("SnapshotId", mapping.snapshot?.description)
            form.set("VolumeSize", mapping.volume.size == 0 ? nil : mapping.volume.size)
            form.set("VolumeType", mapping.volume.type.rawValue)
            form.set("Encrypted", ifTrue: mapping.volume.isEncrypted)
            form.set("Iops", mapping.volume.iops)
            form.set("Throughput", mapping.volume.throughput)
            form.set("DeleteOnTermination", mapping.volume.isDeletedOnTermination)
        }
    }
}
