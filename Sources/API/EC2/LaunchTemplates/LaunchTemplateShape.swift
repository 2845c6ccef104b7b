/// A parameter of a launch template's data: as a request names it, and as answers do.
struct LaunchTemplateField: Sendable {
    let request: String
    let answer: String
    let shape: Shape

    indirect enum Shape: Sendable {
        case text
        case texts
        case structure([LaunchTemplateField])
        case structures([LaunchTemplateField])
    }

    private static func text(_ request: String, _ answer: String) -> Self { Self(request: request, answer: answer, shape: .text) }

    private static func texts(_ request: String, _ answer: String) -> Self {
        Self(request: request, answer: answer, shape: .texts)
    }

    private static func structure(_ request: String, _ answer: String, _ fields: [Self]) -> Self {
        Self(request: request, answer: answer, shape: .structure(fields))
    }

    private static func structures(_ request: String, _ answer: String, _ fields: [Self]) -> Self {
        Self(request: request, answer: answer, shape: .structures(fields))
    }

    /// What a template can say; RunInstances has the same names.
    static let all: [LaunchTemplateField] = [
        .text("KernelId", "kernelId"),
        .text("EbsOptimized", "ebsOptimized"),
        .structure(
            "IamInstanceProfile", "iamInstanceProfile",
            [
                .text("Arn", "arn"),
                .text("Name", "name"),
            ]),
        .structures(
            "BlockDeviceMapping", "blockDeviceMappingSet",
            [
                .text("DeviceName", "deviceName"),
                .text("VirtualName", "virtualName"),
                .structure(
                    "Ebs", "ebs",
                    [
                        .text("Encrypted", "encrypted"),
                        .text("DeleteOnTermination", "deleteOnTermination"),
                        .text("Iops", "iops"),
                        .text("KmsKeyId", "kmsKeyId"),
                        .text("SnapshotId", "snapshotId"),
                        .text("VolumeSize", "volumeSize"),
                        .text("VolumeType", "volumeType"),
                        .text("Throughput", "throughput"),
                        .text("VolumeInitializationRate", "volumeInitializationRate"),
                        .text("EbsCardIndex", "ebsCardIndex"),
                    ]),
                .text("NoDevice", "noDevice"),
            ]),
        .structures(
            "NetworkInterface", "networkInterfaceSet",
            [
                .text("AssociateCarrierIpAddress", "associateCarrierIpAddress"),
                .text("AssociatePublicIpAddress", "associatePublicIpAddress"),
                .text("DeleteOnTermination", "deleteOnTermination"),
                .text("Description", "description"),
                .text("DeviceIndex", "deviceIndex"),
                .texts("SecurityGroupId", "groupSet"),
                .text("InterfaceType", "interfaceType"),
                .text("Ipv6AddressCount", "ipv6AddressCount"),
                .structures(
                    "Ipv6Addresses", "ipv6AddressesSet",
                    [
                        .text("Ipv6Address", "ipv6Address")
                    ]),
                .text("NetworkInterfaceId", "networkInterfaceId"),
                .text("PrivateIpAddress", "privateIpAddress"),
                .structures(
                    "PrivateIpAddresses", "privateIpAddressesSet",
                    [
                        .text("Primary", "primary"),
                        .text("PrivateIpAddress", "privateIpAddress"),
                    ]),
                .text("SecondaryPrivateIpAddressCount", "secondaryPrivateIpAddressCount"),
                .text("SubnetId", "subnetId"),
                .text("NetworkCardIndex", "networkCardIndex"),
                .structures(
                    "Ipv4Prefix", "ipv4PrefixSet",
                    [
                        .text("Ipv4Prefix", "ipv4Prefix")
                    ]),
                .text("Ipv4PrefixCount", "ipv4PrefixCount"),
                .structures(
                    "Ipv6Prefix", "ipv6PrefixSet",
                    [
                        .text("Ipv6Prefix", "ipv6Prefix")
                    ]),
                .text("Ipv6PrefixCount", "ipv6PrefixCount"),
                .text("PrimaryIpv6", "primaryIpv6"),
                .structure(
                    "EnaSrdSpecification", "enaSrdSpecification",
                    [
                        .text("EnaSrdEnabled", "enaSrdEnabled"),
                        .structure(
                            "EnaSrdUdpSpecification", "enaSrdUdpSpecification",
                            [
                                .text("EnaSrdUdpEnabled", "enaSrdUdpEnabled")
                            ]),
                    ]),
                .structure(
                    "ConnectionTrackingSpecification", "connectionTrackingSpecification",
                    [
                        .text("TcpEstablishedTimeout", "tcpEstablishedTimeout"),
                        .text("UdpStreamTimeout", "udpStreamTimeout"),
                        .text("UdpTimeout", "udpTimeout"),
                    ]),
                .text("EnaQueueCount", "enaQueueCount"),
            ]),
        .text("ImageId", "imageId"),
        .text("InstanceType", "instanceType"),
        .text("KeyName", "keyName"),
        .structure(
            "Monitoring", "monitoring",
            [
                .text("Enabled", "enabled"),
                .texts("MetricCategoryId", "metricCategoryIdSet"),
            ]),
        .structure(
            "Placement", "placement",
            [
                .text("AvailabilityZone", "availabilityZone"),
                .text("AvailabilityZoneId", "availabilityZoneId"),
                .text("Affinity", "affinity"),
                .text("GroupName", "groupName"),
                .text("HostId", "hostId"),
                .text("Tenancy", "tenancy"),
                .text("SpreadDomain", "spreadDomain"),
                .text("HostResourceGroupArn", "hostResourceGroupArn"),
                .text("PartitionNumber", "partitionNumber"),
                .text("GroupId", "groupId"),
            ]),
        .text("RamDiskId", "ramDiskId"),
        .text("DisableApiTermination", "disableApiTermination"),
        .text("InstanceInitiatedShutdownBehavior", "instanceInitiatedShutdownBehavior"),
        .text("UserData", "userData"),
        .structures(
            "TagSpecification", "tagSpecificationSet",
            [
                .text("ResourceType", "resourceType"),
                .structures(
                    "Tag", "tagSet",
                    [
                        .text("Key", "key"),
                        .text("Value", "value"),
                    ]),
            ]),
        .texts("SecurityGroupId", "securityGroupIdSet"),
        .texts("SecurityGroup", "securityGroupSet"),
        .structure(
            "CreditSpecification", "creditSpecification",
            [
                .text("CpuCredits", "cpuCredits")
            ]),
        .structure(
            "MetadataOptions", "metadataOptions",
            [
                .text("HttpTokens", "httpTokens"),
                .text("HttpPutResponseHopLimit", "httpPutResponseHopLimit"),
                .text("HttpEndpoint", "httpEndpoint"),
                .text("HttpProtocolIpv6", "httpProtocolIpv6"),
                .text("InstanceMetadataTags", "instanceMetadataTags"),
            ]),
        .text("DisableApiStop", "disableApiStop"),
    ]
}

extension [LaunchTemplateField] {
    /// The parameters of a structure by their full names, in one form: lists are counted from 1 without gaps.
    func read(_ input: QueryInput, _ prefix: String = "") throws(APIError) -> [String: String] {
        var result: [String: String] = [:]
        for field in self {
            let name = prefix + field.request
            switch field.shape {
            case .text: result[name] = input.text(field.request)
            case .texts:
                for (index, text) in try input.texts(field.request).enumerated() { result["\(name).\(index + 1)"] = text }
            case .structure(let fields):
                guard let inner = input.structure(field.request) else { continue }
                result.merge(try fields.read(inner, name + ".")) { $1 }
            case .structures(let fields):
                for (index, inner) in try input.structures(field.request).enumerated() {
                    result.merge(try fields.read(inner, "\(name).\(index + 1).")) { $1 }
                }
            }
        }
        return result
    }

    /// Writes what is there of them.
    func write(_ data: QueryInput, _ xml: inout XMLWriter) throws(APIError) {
        for field in self {
            switch field.shape {
            case .text: xml.element(field.answer, ifPresent: data.text(field.request))
            case .texts:
                let texts = try data.texts(field.request)
                if !texts.isEmpty { xml.list(field.answer, texts) }
            case .structure(let fields):
                guard let inner = data.structure(field.request) else { continue }
                xml.open(field.answer)
                try fields.write(inner, &xml)
                xml.close(field.answer)
            case .structures(let fields):
                let items = try data.structures(field.request)
                if items.isEmpty { continue }
                xml.open(field.answer)
                for item in items {
                    xml.open("item")
                    try fields.write(item, &xml)
                    xml.close("item")
                }
                xml.close(field.answer)
            }
        }
    }
}
