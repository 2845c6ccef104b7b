import Cloud
import Model

/// The kinds of machines.
struct DescribeInstanceTypes: EC2Action {
    private let names: [String]
    private let filters: [ResourceFilter]
    private let limit: Int?
    private let token: PageToken?

    init(_ input: QueryInput) throws(APIError) {
        names = try input.strings("InstanceType")
        filters = try input.filters()
        limit = try input.limit("MaxResults", 5...100)
        token = try input.pageToken()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let unknown = names.filter { InstanceType.named($0) == nil }
        guard unknown.isEmpty else {
            throw APIError(
                "InvalidInstanceType",
                "The following supplied instance types do not exist: [\(unknown.joined(separator: ", ").prefix(200))]")
        }
        let shown = try InstanceType.all.kept { type throws(APIError) in
            guard names.isEmpty || names.contains(type.name) else { return false }
            return try filters.accept(type.filterValues)
        }
        try call.endDryRun()
        let page = shown.page(after: token, limit: limit ?? 100)
        answer.list("instanceTypeSet", page.items) { type, xml in xml.instanceType(type) }
        answer.element("nextToken", ifPresent: page.next?.description)
    }
}

/// Where each kind of machine can be had: all of them everywhere.
struct DescribeInstanceTypeOfferings: EC2Action {
    private let kind: String
    private let filters: [ResourceFilter]
    private let limit: Int?
    private let token: PageToken?

    init(_ input: QueryInput) throws(APIError) {
        kind = input.string("LocationType") ?? "region"
        guard ["region", "availability-zone", "availability-zone-id"].contains(kind) else {
            throw .invalid(kind, of: "LocationType")
        }
        filters = try input.filters()
        limit = try input.limit()
        token = try input.pageToken()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let zones = call.plane.settings.zones(of: call.region)
        let places = kind == "region" ? [call.region.description] : zones.map { kind == "availability-zone" ? $0.name : $0.id }
        var offers: [(type: String, place: String)] = []
        for type in InstanceType.all {
            for place in places where try filters.accept(["instance-type": [type.name], "location": [place]]) {
                offers.append((type.name, place))
            }
        }
        try call.endDryRun()
        let page = offers.page(after: token, limit: limit)
        answer.list("instanceTypeOfferingSet", page.items) { offer, xml in
            xml.element("instanceType", offer.type)
            xml.element("locationType", kind)
            xml.element("location", offer.place)
        }
        answer.element("nextToken", ifPresent: page.next?.description)
    }
}

extension InstanceType {
    fileprivate var filterValues: [String: [String]] {
        [
            "instance-type": [name], "processor-info.supported-architecture": [architecture.rawValue],
            "vcpu-info.default-vcpus": [String(processors)], "vcpu-info.default-cores": [String(processors / threadsPerCore)],
            "vcpu-info.default-threads-per-core": [String(threadsPerCore)], "network-info.ena-support": [enaSupport],
            "network-info.maximum-network-interfaces": [String(networkInterfaces)],
            "network-info.ipv4-addresses-per-interface": [String(addressesPerInterface)],
            "network-info.ipv6-addresses-per-interface": [String(addressesPerInterface)],
            "memory-info.size-in-mib": [String(memory)],
            "current-generation": [String(isCurrent)], "burstable-performance-supported": [String(isBurstable)],
            "bare-metal": ["false"], "hypervisor": [isNitro ? "nitro" : "xen"], "supported-root-device-type": ["ebs"],
            "supported-virtualization-type": ["hvm"], "instance-storage-supported": ["false"],
            "free-tier-eligible": [String(name == "t2.micro" || name == "t3.micro")],
            "ebs-info.ebs-optimized-support": ["default"], "supported-usage-class": ["on-demand", "spot"],
        ]
    }
}

extension XMLWriter {
    fileprivate mutating func instanceType(_ type: InstanceType) {
        element("instanceType", type.name)
        element("currentGeneration", type.isCurrent)
        element("freeTierEligible", type.name == "t2.micro" || type.name == "t3.micro")
        list("supportedUsageClasses", ["on-demand", "spot"])
        list("supportedRootDeviceTypes", ["ebs"])
        list("supportedVirtualizationTypes", ["hvm"])
        element("bareMetal", false)
        element("hypervisor", type.isNitro ? "nitro" : "xen")
        element("processorInfo") { $0.list("supportedArchitectures", [type.architecture.rawValue]) }
        element("vCpuInfo") { xml in
            xml.element("defaultVCpus", type.processors)
            xml.element("defaultCores", type.processors / type.threadsPerCore)
            xml.element("defaultThreadsPerCore", type.threadsPerCore)
        }
        element("memoryInfo") { $0.element("sizeInMiB", type.memory) }
        element("instanceStorageSupported", false)
        element("ebsInfo") { $0.element("ebsOptimizedSupport", "default") }
        element("networkInfo") { xml in
            xml.element("maximumNetworkInterfaces", type.networkInterfaces)
            xml.element("ipv4AddressesPerInterface", type.addressesPerInterface)
            xml.element("ipv6AddressesPerInterface", type.addressesPerInterface)
            xml.element("enaSupport", type.enaSupport)
        }
        element("burstablePerformanceSupported", type.isBurstable)
        list("supportedBootModes", ["legacy-bios", "uefi"])
    }
}
