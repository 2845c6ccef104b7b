import Model

extension InstanceLaunch {
    /// One instance as the data of a launch template says, without its image where that is a parameter's.
    init(template data: [String: String]) throws(Failure) {
        let id = data["ImageId"].flatMap { try? ImageID(parsing: $0) }
        self.init(image: id, type: data["InstanceType"] ?? "m1.small", least: 1, most: 1)
        keyName = data["KeyName"]
        userData = data["UserData"]
        isEBSOptimized = data["EbsOptimized"] == "true"
        isProtectedFromTermination = data["DisableApiTermination"] == "true"
        isProtectedFromStopping = data["DisableApiStop"] == "true"
        terminatesOnShutdown = data["InstanceInitiatedShutdownBehavior"] == "terminate"
        metadata = try MetadataOptionsChange(
            tokens: data["MetadataOptions.HttpTokens"], endpoint: data["MetadataOptions.HttpEndpoint"],
            ipv6: data["MetadataOptions.HttpProtocolIpv6"],
            hopLimit: data["MetadataOptions.HttpPutResponseHopLimit"].flatMap { Int($0) },
            tags: data["MetadataOptions.InstanceMetadataTags"])
        profile = data["IamInstanceProfile.Arn"] ?? data["IamInstanceProfile.Name"]
        let parameters = Parameters(data)
        for prefix in ["", "NetworkInterface.1."] {
            for text in parameters.list(prefix + "SecurityGroupId") { groups.append(try SecurityGroupID(parsing: text)) }
        }
        for item in parameters.items("BlockDeviceMapping") { volumes.append(try Self.device(item, data)) }
        for item in parameters.items("TagSpecification") {
            let set = try TagSet(
                try parameters.items(item + ".Tag").map { tag throws(Failure) in
                    try Tag(key: data[tag + ".Key"] ?? "", value: data[tag + ".Value"] ?? "")
                })
            switch data[item + ".ResourceType"] {
            case "instance": tags = try tags.merging(set)
            case "volume": volumeTags = try volumeTags.merging(set)
            default: break
            }
        }
    }

    private static func device(_ item: String, _ data: [String: String]) throws(Failure) -> DeviceRequest {
        let isLeftOut = data[item + ".NoDevice"] != nil || data[item + ".VirtualName"] != nil
        var request = DeviceRequest(device: data[item + ".DeviceName"] ?? "", isLeftOut: isLeftOut)
        let ebs = item + ".Ebs."
        request.size = data[ebs + "VolumeSize"].flatMap { Int($0) }
        request.type = data[ebs + "VolumeType"]
        request.iops = data[ebs + "Iops"].flatMap { Int($0) }
        request.throughput = data[ebs + "Throughput"].flatMap { Int($0) }
        request.isDeletedOnTermination = data[ebs + "DeleteOnTermination"].map { $0 == "true" }
        request.isEncrypted = data[ebs + "Encrypted"].map { $0 == "true" }
        request.key = data[ebs + "KmsKeyId"]
        request.snapshot = try data[ebs + "SnapshotId"].map { text throws(Failure) in try SnapshotID(parsing: text) }
        return request
    }

    /// Parameters by their full names, whose lists are counted from 1 without gaps.
    private struct Parameters {
        private let names: Set<String>
        private let data: [String: String]

        init(_ data: [String: String]) {
            self.data = data
            var names: Set<String> = []
            for key in data.keys {
                for index in key.indices where key[index] == "." { names.insert(String(key[..<index])) }
            }
            self.names = names
        }

        /// The full names of the structures of a list.
        func items(_ name: String) -> [String] {
            Array(sequence(first: 1) { $0 + 1 }.lazy.map { "\(name).\($0)" }.prefix { names.contains($0) })
        }

        func list(_ name: String) -> [String] {
            Array(sequence(first: 1) { $0 + 1 }.lazy.map { data["\(name).\($0)"] }.prefix { $0 != nil }).compactMap(\.self)
        }
    }
}
