import Cloud
import Model

struct CreateLaunchTemplateVersion: EC2Action {
    private let reference: LaunchTemplateReference
    private let source: LaunchTemplateSelector?
    private let description: String?
    private let data: [String: String]

    init(_ input: QueryInput) throws(APIError) {
        reference = try input.launchTemplate()
        source = try input.string("SourceVersion").map { text throws(APIError) in try LaunchTemplateSelector(asked: text) }
        description = input.string("VersionDescription")
        data = try input.launchTemplateData()
        _ = (input.string("ClientToken"), try input.bool("ResolveAlias"))
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let version = try asking { () throws(Failure) in
            try call.actions.createVersion(of: reference, from: source, description: description, data: data)
        }
        answer.open("launchTemplateVersion")
        try answer.version(version, call)
        answer.close("launchTemplateVersion")
    }
}

struct DeleteLaunchTemplateVersions: EC2Action {
    private let reference: LaunchTemplateReference
    private let numbers: [Int]

    init(_ input: QueryInput) throws(APIError) {
        reference = try input.launchTemplate()
        numbers = try input.strings("LaunchTemplateVersion").map { text throws(APIError) in
            guard let number = Int(text), number > 0 else { throw .invalid(text, of: "LaunchTemplateVersion") }
            return number
        }
        guard !numbers.isEmpty else { throw .missing("LaunchTemplateVersion") }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let result = try asking { () throws(Failure) in try call.actions.deleteVersions(numbers, of: reference) }
        func write(_ number: Int, _ xml: inout XMLWriter) {
            xml.element("launchTemplateId", result.template.id.description)
            xml.element("launchTemplateName", result.template.name)
            xml.element("versionNumber", number)
        }
        answer.list("successfullyDeletedLaunchTemplateVersionSet", result.gone) { number, xml in write(number, &xml) }
        answer.list("unsuccessfullyDeletedLaunchTemplateVersionSet", result.missing) { number, xml in
            write(number, &xml)
            xml.element("responseError") { xml in
                xml.element("code", "launchTemplateVersionDoesNotExist")
                xml.element("message", "The specified launch template version \(number) does not exist.")
            }
        }
    }
}

struct DescribeLaunchTemplateVersions: EC2Action {
    private let reference: LaunchTemplateReference?
    private let versions: [LaunchTemplateSelector]
    private let range: ClosedRange<Int>
    private let filters: [ResourceFilter]
    private let limit: Int?
    private let token: PageToken?

    init(_ input: QueryInput) throws(APIError) {
        versions = try input.strings("LaunchTemplateVersion").map { text throws(APIError) in
            try LaunchTemplateSelector(asked: text)
        }
        let isNamed = input.string("LaunchTemplateId") != nil || input.string("LaunchTemplateName") != nil
        reference = isNamed ? try input.launchTemplate() : nil
        // Without a template there are `$Latest` and `$Default` of all.
        let isNumbered = versions.contains { if case .number = $0 { true } else { false } }
        if reference == nil, versions.isEmpty || isNumbered {
            throw APIError(versions.isEmpty ? .missingParameter : .invalidParameterValue, Self.whatToSay)
        }
        let least = try input.int("MinVersion") ?? 1
        range = least...max(least, try input.int("MaxVersion") ?? Int.max)
        filters = try input.filters()
        limit = try input.limit("MaxResults", 1...200)
        token = try input.pageToken()
        _ = try input.bool("ResolveAlias")
    }

    private static let whatToSay = """
        To describe the launch template data for all your launch templates, for ‘--versions’ specify ‘$Latest’, ‘$Default’, or both, and \
        omit ‘--launch-template-id’, ‘--launch-template-name’, and version numbers. To describe the launch template data for a specific \
        launch template, specify ‘--launch-template-id’ or ‘--launch-template-name’, and for ‘--versions’ specify one or more of the \
        following values: ‘$Latest’, ‘$Default’, or one or more version numbers.
        """

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let (templates, all) = try asking { () throws(Failure) in
            (try call.withoutDryRun.actions.launchTemplates(), try call.actions.launchTemplateVersions(reference))
        }
        let byID = Dictionary(uniqueKeysWithValues: templates.map { ($0.id, $0) })
        if case let number? = versions.lazy.compactMap({ selector -> Int? in
            guard case .number(let number) = selector, !all.contains(where: { $0.number == number }) else { return nil }
            return number
        }).first {
            let id = all.first?.template.description ?? ""
            throw APIError(
                .invalidLaunchTemplateVersionNotFound,
                "Could not find the specified version \(number) for the launch template with ID \(id).")
        }
        let shown = try all.kept { version throws(APIError) in
            guard let template = byID[version.template], range.contains(version.number) else { return false }
            let isAsked = versions.isEmpty || versions.contains { $0.number(in: template) == version.number }
            return isAsked ? try filters.accept(Self.values(of: version)) : false
        }
        let page = shown.sorted { ($0.name, $1.number) < ($1.name, $0.number) }.page(after: token, limit: limit)
        answer.open("launchTemplateVersionSet")
        for version in page.items {
            answer.open("item")
            try answer.version(version, call)
            answer.close("item")
        }
        answer.close("launchTemplateVersionSet")
        answer.element("nextToken", ifPresent: page.next?.description)
    }

    private static func values(of version: LaunchTemplateVersion) -> [String: [String]] {
        func one(_ key: String) -> [String] { version.data[key].map { [$0] } ?? [] }
        return [
            "create-time": [version.created.withMilliseconds], "is-default-version": [String(version.isDefault)],
            "image-id": one("ImageId"), "instance-type": one("InstanceType"), "kernel-id": one("KernelId"),
            "ram-disk-id": one("RamDiskId"), "ebs-optimized": one("EbsOptimized"),
            "iam-instance-profile": one("IamInstanceProfile.Name") + one("IamInstanceProfile.Arn"),
            "http-endpoint": one("MetadataOptions.HttpEndpoint"), "http-tokens": one("MetadataOptions.HttpTokens"),
        ]
    }
}

/// The data of a template that would launch an instance like one that is there.
struct GetLaunchTemplateData: EC2Action {
    private let id: InstanceID

    init(_ input: QueryInput) throws(APIError) { id = try InstanceID(asked: try input.required("InstanceId")) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.instances() }
        guard let instance = all.first(where: { $0.id == id }) else { throw APIError(.notFound(instances: [id])) }
        var data = [
            "ImageId": instance.image.description, "InstanceType": instance.type.name,
            "EbsOptimized": String(instance.isEBSOptimized), "Placement.AvailabilityZone": instance.subnet.zone,
            "Placement.Tenancy": "default", "Monitoring.Enabled": String(instance.isMonitored),
            "DisableApiTermination": String(instance.isProtectedFromTermination),
            "DisableApiStop": String(instance.isProtectedFromStopping),
            "InstanceInitiatedShutdownBehavior": instance.terminatesOnShutdown ? "terminate" : "stop",
            "MetadataOptions.HttpTokens": instance.metadata.tokensWord,
            "MetadataOptions.HttpEndpoint": instance.metadata.endpointWord,
            "MetadataOptions.HttpPutResponseHopLimit": String(instance.metadata.hopLimit),
            "MetadataOptions.HttpProtocolIpv6": instance.metadata.ipv6Word,
            "MetadataOptions.InstanceMetadataTags": instance.metadata.tagsWord, "NetworkInterface.1.DeviceIndex": "0",
            "NetworkInterface.1.SubnetId": instance.subnet.id.description,
        ]
        data["KeyName"] = instance.keyName
        data["IamInstanceProfile.Name"] = instance.profile?.name
        data["CreditSpecification.CpuCredits"] = instance.credits?.rawValue
        for (index, tag) in instance.tags.unreserved.enumerated() {
            data["TagSpecification.1.ResourceType"] = "instance"
            data["TagSpecification.1.Tag.\(index + 1).Key"] = tag.key
            data["TagSpecification.1.Tag.\(index + 1).Value"] = tag.value
        }
        data["UserData"] = instance.userData
        for (index, group) in instance.groups.enumerated() {
            data["NetworkInterface.1.SecurityGroupId.\(index + 1)"] = group.description
        }
        for (index, volume) in instance.volumes.enumerated() {
            let prefix = "BlockDeviceMapping.\(index + 1)."
            data[prefix + "DeviceName"] = volume.attachment?.device
            data[prefix + "Ebs.VolumeSize"] = String(volume.volume.size)
            data[prefix + "Ebs.VolumeType"] = volume.volume.type.rawValue
            data[prefix + "Ebs.SnapshotId"] = volume.snapshot?.description
            data[prefix + "Ebs.DeleteOnTermination"] = String(volume.attachment?.isDeletedOnTermination ?? false)
        }
        answer.open("launchTemplateData")
        try LaunchTemplateField.all.write(try QueryInput(parameters: data), &answer)
        answer.close("launchTemplateData")
    }
}

extension RunInstances {
    /// Parameters of the request win over those of the launch template that it names.
    static func prepare(_ input: QueryInput, _ call: Call) throws(APIError) -> QueryInput {
        guard let named = input.structure("LaunchTemplate") else { return input }
        let selector = try LaunchTemplateSelector(asked: named.string("Version") ?? "$Default")
        let version = try call.launchTemplateVersion(try named.launchTemplate(), selector)
        var own = input.parameters.filter { !$0.key.hasPrefix("LaunchTemplate.") }
        for name in ["Action", "Version", "DryRun"] { own[name] = nil }
        let given = Set(own.filter { !$0.value.isEmpty }.keys.map { $0.prefix { $0 != "." } })
        for (key, value) in version.data where !given.contains(key.prefix { $0 != "." }) { own[key] = value }
        own["LaunchTemplate.LaunchTemplateId"] = version.template.description
        own["LaunchTemplate.Version"] = String(version.number)
        return try QueryInput(parameters: own)
    }
}

extension Call {
    /// A version of a template, which has parameters of RunInstances.
    func launchTemplateVersion(
        _ reference: LaunchTemplateReference, _ selector: LaunchTemplateSelector
    ) throws(APIError) -> LaunchTemplateVersion {
        try asking { () throws(Failure) in
            let versions = try withoutDryRun.actions.launchTemplateVersions(reference)
            let template = try withoutDryRun.actions.launchTemplates().first { $0.id == versions.first?.template }
            guard let template else { throw Failure(.notFound(launchTemplate: "")) }
            let number = selector.number(in: template)
            guard let version = versions.first(where: { $0.number == number }) else {
                throw Failure(
                    PlaneError(
                        .invalidLaunchTemplateVersionNotFound,
                        "Could not find the specified version \(number) for the launch template with ID \(template.id)."))
            }
            return version
        }
    }
}

extension XMLWriter {
    fileprivate mutating func version(_ version: LaunchTemplateVersion, _ call: Call) throws(APIError) {
        element("launchTemplateId", version.template.description)
        element("launchTemplateName", version.name)
        element("versionNumber", version.number)
        element("versionDescription", ifPresent: version.description)
        element("createTime", version.created.withMilliseconds)
        element("createdBy", Principal.account(call.account).description)
        element("defaultVersion", version.isDefault)
        open("launchTemplateData")
        try LaunchTemplateField.all.write(try QueryInput(parameters: version.data), &self)
        close("launchTemplateData")
    }
}
