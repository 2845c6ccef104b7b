import Model

/// The result of EC2's DescribeImages, as `aws ec2 describe-images` prints it: the same keys, in the same shapes.
///
/// Fields that EC2 leaves out where they have no value are left out here too.
package struct DescribeImages: Sendable, Codable {
    package var images: [Image]

    package init(_ records: [ImageRecord]) { images = records.map { Image($0) } }

    package init(_ descriptions: [ImageDescription]) { images = descriptions.map { Image($0) } }

    private enum CodingKeys: String, CodingKey {
        case images = "Images"
    }
}

extension DescribeImages {
    /// One AMI. The constants are what EC2 reports of a Linux AMI that its owner made.
    package struct Image: Sendable, Codable {
        package var architecture: String
        package var blockDeviceMappings: [Mapping]
        package var bootMode: String?
        package var creationDate: String
        package var deprecationTime: String?
        package var deregistrationProtection: String?
        package var description: String?
        package var enaSupport: Bool
        package var hypervisor = "xen"
        package var imageAllowed: Bool?
        package var imageId: String
        package var imageLocation: String
        package var imageOwnerAlias: String?
        package var imageType = "machine"
        package var imageWatermarks: [Watermark]?
        package var imdsSupport: String?
        package var kernelId: String?
        package var lastLaunchedTime: String?
        package var name: String
        package var ownerId: String
        package var platformDetails = "Linux/UNIX"
        package var productCodes: [Product]?
        package var `public`: Bool
        package var ramdiskId: String?
        package var rootDeviceName: String
        package var rootDeviceType: String
        package var sourceImageId: String?
        package var sourceImageRegion: String?
        package var sourceInstanceId: String?
        package var sriovNetSupport: String?
        package var state: String
        package var stateReason: StateReason?
        package var tags: TagSet?
        package var tpmSupport: String?
        package var usageOperation = "RunInstances"
        package var virtualizationType: String

        /// As the owner sees it.
        package init(_ image: ImageRecord) {
            let machine = image.machine
            architecture = image.architecture.rawValue
            blockDeviceMappings = image.volumes.map { Mapping($0) } + image.virtualDevices.map { Mapping($0) }
            bootMode = machine.bootMode?.rawValue
            creationDate = image.created.withMilliseconds
            deprecationTime = image.deprecation?.withMilliseconds
            description = image.description.isEmpty ? nil : image.description
            enaSupport = machine.isENASupported
            imageId = image.id.description
            imageLocation = image.location
            imageWatermarks = image.watermarks.isEmpty ? nil : image.watermarks.map { Watermark($0) }
            imdsSupport = machine.needsIMDSv2 ? MachineAttributes.version2 : nil
            kernelId = machine.kernel
            lastLaunchedTime = image.lastLaunched?.withMilliseconds
            name = image.name.description
            ownerId = image.owner.description
            productCodes = image.products.isEmpty ? nil : image.products.map { Product($0) }
            `public` = image.isPublic
            ramdiskId = machine.ramdisk
            rootDeviceName = image.rootDeviceName
            rootDeviceType = machine.rootDevice.rawValue
            sourceImageId = image.madeOf?.image.description
            sourceImageRegion = image.madeOf?.region.description
            sourceInstanceId = image.sourceInstance?.description
            sriovNetSupport = machine.sriovNetSupport
            state = image.state.rawValue
            stateReason = image.stateReason.map { StateReason(code: $0.code, message: $0.message) }
            tags = image.tags.count == 0 ? nil : image.tags
            tpmSupport = machine.needsTPM ? MachineAttributes.version2 : nil
            virtualizationType = machine.virtualization.rawValue
        }

        /// As an account sees it.
        package init(_ description: ImageDescription) {
            self.init(description.image)
            imageAllowed = description.isAllowed
            imageOwnerAlias = description.ownerAlias?.rawValue
            deregistrationProtection = description.image.protection.text(at: description.now)
        }

        private enum CodingKeys: String, CodingKey {
            case architecture = "Architecture"
            case blockDeviceMappings = "BlockDeviceMappings"
            case bootMode = "BootMode"
            case creationDate = "CreationDate"
            case deprecationTime = "DeprecationTime"
            case deregistrationProtection = "DeregistrationProtection"
            case description = "Description"
            case enaSupport = "EnaSupport"
            case hypervisor = "Hypervisor"
            case imageAllowed = "ImageAllowed"
            case imageId = "ImageId"
            case imageLocation = "ImageLocation"
            case imageOwnerAlias = "ImageOwnerAlias"
            case imageType = "ImageType"
            case imageWatermarks = "ImageWatermarks"
            case imdsSupport = "ImdsSupport"
            case kernelId = "KernelId"
            case lastLaunchedTime = "LastLaunchedTime"
            case name = "Name"
            case ownerId = "OwnerId"
            case platformDetails = "PlatformDetails"
            case productCodes = "ProductCodes"
            case `public` = "Public"
            case ramdiskId = "RamdiskId"
            case rootDeviceName = "RootDeviceName"
            case rootDeviceType = "RootDeviceType"
            case sourceImageId = "SourceImageId"
            case sourceImageRegion = "SourceImageRegion"
            case sourceInstanceId = "SourceInstanceId"
            case sriovNetSupport = "SriovNetSupport"
            case state = "State"
            case stateReason = "StateReason"
            case tags = "Tags"
            case tpmSupport = "TpmSupport"
            case usageOperation = "UsageOperation"
            case virtualizationType = "VirtualizationType"
        }
    }

    /// Why an image failed.
    package struct StateReason: Sendable, Codable {
        package var code: String
        package var message: String

        private enum CodingKeys: String, CodingKey {
            case code = "Code"
            case message = "Message"
        }
    }

    package struct Mapping: Sendable, Codable {
        package var deviceName: String
        package var ebs: EBS?
        /// Empty, for a device that the image leaves out.
        package var noDevice: String?
        package var virtualName: String?

        init(_ mapping: VolumeMapping) {
            deviceName = mapping.deviceName
            ebs = EBS(mapping.volume, snapshot: mapping.snapshot)
        }

        init(_ device: VirtualDevice) {
            deviceName = device.deviceName
            virtualName = device.virtualName
            noDevice = device.virtualName == nil ? "" : nil
        }

        private enum CodingKeys: String, CodingKey {
            case deviceName = "DeviceName"
            case ebs = "Ebs"
            case noDevice = "NoDevice"
            case virtualName = "VirtualName"
        }
    }

    package struct Product: Sendable, Codable {
        package var productCodeId: String
        package var productCodeType: String

        init(_ product: ProductCode) {
            productCodeId = product.code
            productCodeType = product.kind.rawValue
        }

        private enum CodingKeys: String, CodingKey {
            case productCodeId = "ProductCodeId"
            case productCodeType = "ProductCodeType"
        }
    }

    package struct Watermark: Sendable, Codable {
        package var sourceImageCreationTime: String
        package var sourceImageId: String
        package var sourceImageRegion: String
        package var watermarkCreationTime: String
        package var watermarkKey: String

        init(_ watermark: Cloud.Watermark) {
            sourceImageCreationTime = watermark.sourceCreated.withMilliseconds
            sourceImageId = watermark.source.image.description
            sourceImageRegion = watermark.source.region.description
            watermarkCreationTime = watermark.attached.withMilliseconds
            watermarkKey = watermark.key
        }

        private enum CodingKeys: String, CodingKey {
            case sourceImageCreationTime = "SourceImageCreationTime"
            case sourceImageId = "SourceImageId"
            case sourceImageRegion = "SourceImageRegion"
            case watermarkCreationTime = "WatermarkCreationTime"
            case watermarkKey = "WatermarkKey"
        }
    }

    package struct EBS: Sendable, Codable {
        package var deleteOnTermination: Bool
        package var encrypted: Bool
        package var iops: Int?
        package var snapshotId: String?
        package var throughput: Int?
        /// GiB.
        package var volumeSize: Int
        package var volumeType: String

        init(_ volume: Volume, snapshot: SnapshotID?) {
            deleteOnTermination = volume.isDeletedOnTermination
            encrypted = volume.isEncrypted
            iops = volume.iops
            snapshotId = snapshot?.description
            throughput = volume.throughput
            volumeSize = volume.size
            volumeType = volume.type.rawValue
        }

        private enum CodingKeys: String, CodingKey {
            case deleteOnTermination = "DeleteOnTermination"
            case encrypted = "Encrypted"
            case iops = "Iops"
            case snapshotId = "SnapshotId"
            case throughput = "Throughput"
            case volumeSize = "VolumeSize"
            case volumeType = "VolumeType"
        }
    }
}
