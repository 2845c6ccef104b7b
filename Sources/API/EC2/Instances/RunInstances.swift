import Cloud
import Model

/// Launches instances of an image.
struct RunInstances: EC2Action {
    private let image: String?
    private var launch: InstanceLaunch
    private let groupNames: [String]

    init(_ input: QueryInput) throws(APIError) {
        image = input.string("ImageId")
        let least = try input.int("MinCount")
        guard let least, let most = try input.int("MaxCount") else { throw .missing("MinCount, MaxCount") }
        launch = InstanceLaunch(
            image: try image.flatMap { text throws(APIError) in try Self.id(text) },
            type: input.string("InstanceType") ?? "m1.small", least: least, most: most)
        groupNames = try input.strings("SecurityGroup")
        launch.keyName = input.string("KeyName")
        launch.zone = input.structure("Placement")?.string("AvailabilityZone")
        launch.userData = input.string("UserData")
        launch.clientToken = input.string("ClientToken")
        launch.isEBSOptimized = try input.bool("EbsOptimized") ?? false
        launch.isProtectedFromTermination = try input.bool("DisableApiTermination") ?? false
        launch.isProtectedFromStopping = try input.bool("DisableApiStop") ?? false
        launch.terminatesOnShutdown = try Self.terminates(input.string("InstanceInitiatedShutdownBehavior"))
        launch.metadata = try input.structure("MetadataOptions")?.metadataOptions() ?? launch.metadata
        let profile = input.structure("IamInstanceProfile")
        let (arn, name) = (profile?.string("Arn"), profile?.string("Name"))
        guard arn == nil || name == nil else {
            throw APIError(
                "InvalidParameterCombination",
                "The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'")
        }
        launch.profile = arn ?? name
        launch.volumes = try Self.volumes(input)
        let tags = try input.tagSpecifications("instance", "volume", "network-interface", "spot-instances-request")
        launch.tags = tags["instance"] ?? TagSet()
        launch.volumeTags = tags["volume"] ?? TagSet()
        try readNetwork(input)
        try Self.readWhatChangesNothing(input)
        if let data = launch.userData, data.utf8.count > 22_000 {
            throw APIError("InvalidParameterValue", "User data is limited to 16384 bytes")
        }
    }

    /// An id, or nil for a reference to a parameter.
    private static func id(_ text: String) throws(APIError) -> ImageID? {
        text.hasPrefix(reference) ? nil : try ImageID(asked: text)
    }

    private static let reference = "resolve:ssm:"

    private static func terminates(_ text: String?) throws(APIError) -> Bool {
        switch text {
        case nil, "stop": return false
        case "terminate": return true
        case let other?: throw .invalid(other, of: "InstanceInitiatedShutdownBehavior")
        }
    }

    private static func volumes(_ input: QueryInput) throws(APIError) -> [InstanceLaunch.DeviceRequest] {
        try input.structures("BlockDeviceMapping").map { mapping throws(APIError) in
            let isLeftOut = mapping.text("NoDevice") != nil || mapping.string("VirtualName") != nil
            var request = InstanceLaunch.DeviceRequest(device: try mapping.required("DeviceName"), isLeftOut: isLeftOut)
            guard let ebs = mapping.structure("Ebs") else {
                guard isLeftOut else { throw .missing("ebs") }
                return request
            }
            request.size = try ebs.int("VolumeSize")
            request.type = ebs.string("VolumeType")
            request.iops = try ebs.int("Iops")
            request.throughput = try ebs.int("Throughput")
            request.isDeletedOnTermination = try ebs.bool("DeleteOnTermination")
            request.snapshot = try ebs.string("SnapshotId").map { text throws(APIError) in try SnapshotID(asked: text) }
            request.isEncrypted = try ebs.bool("Encrypted")
            request.key = ebs.string("KmsKeyId")
            return request
        }
    }

    /// Subnet and groups stand beside the other parameters, or in the first network interface.
    private mutating func readNetwork(_ input: QueryInput) throws(APIError) {
        var subnet = input.string("SubnetId")
        var groups = try input.strings("SecurityGroupId")
        launch.privateAddress = input.string("PrivateIpAddress")
        let interfaces = try input.structures("NetworkInterface")
        if !interfaces.isEmpty, subnet != nil || !groups.isEmpty {
            let what = subnet == nil ? "security groups" : "subnet ID"
            throw APIError(
                "InvalidParameterCombination",
                "Network interfaces and an instance-level \(what) may not be specified on the same request")
        }
        for interface in interfaces {
            guard try interface.int("DeviceIndex") ?? 0 == 0 else {
                throw APIError("UnsupportedOperation", "Instances have one network interface here.")
            }
            subnet = interface.string("SubnetId") ?? subnet
            groups += try interface.strings("SecurityGroupId")
            launch.privateAddress = interface.string("PrivateIpAddress") ?? launch.privateAddress
            // There are no public addresses: what listens on this machine is reached as it is.
            _ = (
                try interface.bool("AssociatePublicIpAddress"), try interface.bool("DeleteOnTermination"),
                interface.string("Description")
            )
        }
        launch.subnet = try subnet.map { text throws(APIError) in
            do throws(Failure) { return try SubnetID(parsing: text) } catch {
                throw APIError(.notFound(subnet: String(text.prefix(60))))
            }
        }
        launch.groups = try groups.map { text throws(APIError) in
            do throws(Failure) { return try SecurityGroupID(parsing: text) } catch {
                throw APIError(.notFound(securityGroup: String(text.prefix(60))))
            }
        }
    }

    /// Monitoring, credits and tenancy change nothing of an instance here.
    private static func readWhatChangesNothing(_ input: QueryInput) throws(APIError) {
        _ = try input.structure("Monitoring")?.bool("Enabled")
        _ = input.structure("CreditSpecification")?.string("CpuCredits")
        if try input.structure("HibernationOptions")?.bool("Configured") ?? false {
            throw APIError("UnsupportedHibernationConfiguration", "Instances cannot hibernate here.")
        }
        _ = (input.structure("Placement")?.string("Tenancy"), input.structure("Placement")?.string("GroupName"))
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        var launch = launch
        if let image, image.hasPrefix(Self.reference) {
            let value = try call.imageParameter(String(image.dropFirst(Self.reference.count)))
            launch.image = try ImageID(asked: value)
        }
        if !groupNames.isEmpty {
            let groups = try asking { () throws(Failure) in try call.actions.securityGroups() }
            for name in groupNames {
                guard let group = groups.first(where: { $0.name == name }) else {
                    throw APIError(.notFound(securityGroup: String(name.prefix(60))))
                }
                launch.groups.append(group.id)
            }
        }
        let ready = launch
        let made = try asking { () throws(Failure) in try call.actions.runInstances(ready) }
        let names = try call.groupNames()
        answer.reservation(made, call, names)
    }
}

extension Call {
    /// The names of the account's security groups.
    func groupNames() throws(APIError) -> [SecurityGroupID: String] {
        // A dry run has ended by now.
        let groups = try asking { () throws(Failure) in try actions.securityGroups() }
        return Dictionary(uniqueKeysWithValues: groups.map { ($0.id, $0.name) })
    }
}
