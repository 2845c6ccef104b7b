import FoundationEssentials
import Model

// What the parameters of RunInstances mean: those of a request, and those of a launch template that an Auto Scaling group launches from.
extension InstanceLaunch {
    /// How a reference to a parameter begins, in the place of an image's id.
    package static let imageReference = "resolve:ssm:"

    /// Without the image where that is a parameter's. Whoever asks looks at what was not read.
    package init(_ parameters: LaunchParameters, least: Int, most: Int) throws(Failure) {
        var id: ImageID?
        if let text = parameters.string("ImageId"), !text.hasPrefix(Self.imageReference) { id = try ImageID(requested: text) }
        self.init(image: id, type: parameters.string("InstanceType") ?? "m1.small", least: least, most: most)
        keyName = parameters.string("KeyName")
        userData = try Self.userData(parameters)
        isEBSOptimized = try parameters.bool("EbsOptimized") ?? false
        isProtectedFromTermination = try parameters.bool("DisableApiTermination") ?? false
        isProtectedFromStopping = try parameters.bool("DisableApiStop") ?? false
        terminatesOnShutdown = try Self.terminates(parameters)
        isMonitored = try parameters.structure("Monitoring")?.bool("Enabled") ?? false
        credits = try Self.credits(parameters)
        if let options = parameters.structure("MetadataOptions") { metadata = try Self.metadata(options) }
        profile = try Self.profile(parameters)
        try readPlacement(parameters)
        try readNetwork(parameters)
        volumes = try parameters.structures("BlockDeviceMapping").map { entry throws(Failure) in try Self.device(entry) }
        try readTags(parameters)
        if try parameters.structure("HibernationOptions")?.bool("Configured") ?? false {
            throw Failure(
                PlaneError(.unsupportedHibernationConfiguration, "Instances cannot hibernate here."))
        }
    }

    private static func userData(_ parameters: LaunchParameters) throws(Failure) -> String? {
        guard let text = parameters.string("UserData") else { return nil }
        guard text.utf8.count <= 22_000 else {
            throw Failure(PlaneError(.invalidParameterValue, "User data is limited to 16384 bytes"))
        }
        // Lines are no part of it.
        guard Data(base64Encoded: text.filter { !$0.isWhitespace }) != nil else {
            throw Failure(PlaneError(.invalidUserDataMalformed, "Invalid BASE64 encoding of user data."))
        }
        return text
    }

    private static func terminates(_ parameters: LaunchParameters) throws(Failure) -> Bool {
        let key = "InstanceInitiatedShutdownBehavior"
        switch parameters.string(key) {
        case nil, "stop": return false
        case "terminate": return true
        case let other?: throw parameters.invalid(other, key)
        }
    }

    private static func credits(_ parameters: LaunchParameters) throws(Failure) -> CPUCredits? {
        guard let word = parameters.structure("CreditSpecification")?.string("CpuCredits") else { return nil }
        guard let credits = CPUCredits(rawValue: word) else { throw parameters.invalid(word, "CreditSpecification.CpuCredits") }
        return credits
    }

    private static func metadata(_ options: LaunchParameters) throws(Failure) -> MetadataOptionsChange {
        try MetadataOptionsChange(
            tokens: options.string("HttpTokens"), endpoint: options.string("HttpEndpoint"),
            ipv6: options.string("HttpProtocolIpv6"), hopLimit: try options.int("HttpPutResponseHopLimit"),
            tags: options.string("InstanceMetadataTags"))
    }

    private static func profile(_ parameters: LaunchParameters) throws(Failure) -> String? {
        let profile = parameters.structure("IamInstanceProfile")
        let (arn, name) = (profile?.string("Arn"), profile?.string("Name"))
        guard arn == nil || name == nil else {
            throw Failure(
                PlaneError(
                    .invalidParameterCombination,
                    "The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'"))
        }
        return arn ?? name
    }

    /// Tenancy and group change nothing of an instance here.
    private mutating func readPlacement(_ parameters: LaunchParameters) throws(Failure) {
        guard let placement = parameters.structure("Placement") else { return }
        zone = placement.string("AvailabilityZone")
        zoneID = placement.string("AvailabilityZoneId")
        _ = (placement.string("Tenancy"), placement.string("GroupName"))
        guard zone == nil || zoneID == nil else {
            throw Failure(
                PlaneError(
                    .invalidParameterCombination, "Specify either AvailabilityZone or AvailabilityZoneId, and not both"))
        }
    }

    private static func device(_ mapping: LaunchParameters) throws(Failure) -> DeviceRequest {
        let isLeftOut = mapping.text("NoDevice") != nil || mapping.string("VirtualName") != nil
        var request = DeviceRequest(device: try mapping.required("DeviceName"), isLeftOut: isLeftOut)
        guard let ebs = mapping.structure("Ebs") else {
            guard isLeftOut else { throw Failure(.missing("ebs")) }
            return request
        }
        request.size = try ebs.int("VolumeSize")
        request.type = ebs.string("VolumeType")
        request.iops = try ebs.int("Iops")
        request.throughput = try ebs.int("Throughput")
        request.isDeletedOnTermination = try ebs.bool("DeleteOnTermination")
        request.snapshot = try ebs.string("SnapshotId").map { text throws(Failure) in try SnapshotID(requested: text) }
        request.isEncrypted = try ebs.bool("Encrypted")
        request.key = ebs.string("KmsKeyId")
        return request
    }

    private static func tags(_ specification: LaunchParameters) throws(Failure) -> TagSet {
        let tags = try specification.structures("Tag").map { entry throws(Failure) in
            let key = try entry.required("Key")
            guard !key.lowercased().hasPrefix("aws:") else {
                throw Failure(
                    PlaneError(.invalidParameterValue, "Tag keys starting with 'aws:' are reserved for internal use"))
            }
            return try Tag(key: key, value: entry.string("Value") ?? "")
        }
        guard !tags.isEmpty else {
            throw Failure(PlaneError(.invalidParameter, "Tag specification must have at least one tag"))
        }
        return try TagSet(tags)
    }

    private mutating func readTags(_ parameters: LaunchParameters) throws(Failure) {
        for specification in parameters.structures("TagSpecification") {
            guard let type = specification.string("ResourceType") else {
                throw Failure(PlaneError(.invalidParameter, "Tag specification resource type must have a value"))
            }
            let set = try Self.tags(specification)
            switch type {
            case "instance": tags = try tags.merging(set)
            case "volume": volumeTags = try volumeTags.merging(set)
            case "network-interface": interfaceTags = try interfaceTags.merging(set)
            case "spot-instances-request": break
            default:
                throw Failure(
                    PlaneError(
                        .invalidParameterValue,
                        "'\(type.prefix(60))' is not a valid taggable resource type for this operation."))
            }
        }
    }
}
