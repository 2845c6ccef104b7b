import Model

/// The result of EC2's DescribeImages, as `aws ec2 describe-images` prints it: the same keys, in the same shapes.
///
/// Fields that EC2 leaves out where they have no value are left out here too.
package struct DescribeImages: Sendable, Codable {
    package var images: [Image]

    package init(_ records: [ImageRecord]) { images = records.map { Image($0) } }

    private enum CodingKeys: String, CodingKey {
        case images = "Images"
    }
}

extension DescribeImages {
    /// One AMI. The constants are what EC2 reports of an EBS-backed Linux AMI that its owner made.
    package struct Image: Sendable, Codable {
        package var architecture: String
        package var blockDeviceMappings: [Mapping]
        package var creationDate: String
        package var description: String?
        package var enaSupport = true
        package var hypervisor = "xen"
        package var imageId: String
        package var imageLocation: String
        package var imageType = "machine"
        package var name: String
        package var ownerId: String
        package var platformDetails = "Linux/UNIX"
        package var `public` = false
        package var rootDeviceName: String
        package var rootDeviceType = "ebs"
        package var sourceImageId: String?
        package var sourceImageRegion: String?
        package var state: String
        package var stateReason: StateReason?
        package var tags: TagSet?
        package var usageOperation = "RunInstances"
        package var virtualizationType = "hvm"

        package init(_ image: ImageRecord) {
            architecture = image.architecture.rawValue
            blockDeviceMappings = image.volumes.map { Mapping($0) }
            creationDate = image.created.withMilliseconds
            description = image.description.isEmpty ? nil : image.description
            imageId = image.id.description
            imageLocation = "\(image.owner)/\(image.name)"
            name = image.name.description
            ownerId = image.owner.description
            rootDeviceName = image.rootDeviceName
            sourceImageId = image.source?.image.description
            sourceImageRegion = image.source?.region.description
            state = image.state.rawValue
            stateReason = image.failureReason.map { StateReason(message: $0) }
            tags = image.tags.count == 0 ? nil : image.tags
        }

        private enum CodingKeys: String, CodingKey {
            case architecture = "Architecture"
            case blockDeviceMappings = "BlockDeviceMappings"
            case creationDate = "CreationDate"
            case description = "Description"
            case enaSupport = "EnaSupport"
            case hypervisor = "Hypervisor"
            case imageId = "ImageId"
            case imageLocation = "ImageLocation"
            case imageType = "ImageType"
            case name = "Name"
            case ownerId = "OwnerId"
            case platformDetails = "PlatformDetails"
            case `public` = "Public"
            case rootDeviceName = "RootDeviceName"
            case rootDeviceType = "RootDeviceType"
            case sourceImageId = "SourceImageId"
            case sourceImageRegion = "SourceImageRegion"
            case state = "State"
            case stateReason = "StateReason"
            case tags = "Tags"
            case usageOperation = "UsageOperation"
            case virtualizationType = "VirtualizationType"
        }
    }

    /// Why an image failed.
    package struct StateReason: Sendable, Codable {
        package var code = "Server.InternalError"
        package var message: String

        private enum CodingKeys: String, CodingKey {
            case code = "Code"
            case message = "Message"
        }
    }

    package struct Mapping: Sendable, Codable {
        package var deviceName: String
        package var ebs: EBS

        init(_ mapping: VolumeMapping) {
            deviceName = mapping.deviceName
            ebs = EBS(mapping.volume, snapshot: mapping.snapshot)
        }

        private enum CodingKeys: String, CodingKey {
            case deviceName = "DeviceName"
            case ebs = "Ebs"
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
