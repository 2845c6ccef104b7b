/// A kind of machine: `t3.micro`.
package struct InstanceType: Hashable, Sendable {
    package let name: String
    package let architecture: Architecture
    package let processors: Int
    /// MiB.
    package let memory: Int
    /// Of the present generation, as DescribeInstanceTypes says.
    package let isCurrent: Bool

    /// The family before the dot.
    package var family: String { String(name.prefix { $0 != "." }) }

    /// Whether it is of the kind that gathers credits while it idles; T1 bursts without them.
    package var isBurstable: Bool { name.hasPrefix("t") && family != "t1" }

    /// Of the hypervisor of recent years; the others have Xen.
    package var isNitro: Bool { !["m1", "m3", "m4", "t1", "t2"].contains(family) }

    /// AWS's own processors, and T2's, run one thread a core.
    package var threadsPerCore: Int { architecture == .arm64 || family == "t2" || processors == 1 ? 1 : 2 }

    /// Whether its network has the adapter of recent years: `required`, `supported` or `unsupported`.
    package var enaSupport: String { isNitro ? "required" : name == "m4.16xlarge" ? "supported" : "unsupported" }

    /// How many network interfaces an instance of it can have.
    package var networkInterfaces: Int {
        switch String(name.drop(while: { $0 != "." }).dropFirst()) {
        case "nano", "micro": 2
        case "small": name == "m1.small" ? 2 : 3
        case "medium": name.hasPrefix("m") ? 2 : 3
        case "large": isBurstable || isNitro ? 3 : 2
        case "xlarge": name == "t2.xlarge" ? 3 : 4
        case "2xlarge": name == "t2.2xlarge" ? 3 : 4
        case "4xlarge", "8xlarge", "12xlarge": 8
        default: 15
        }
    }

    /// How many addresses of one protocol each of its network interfaces can have.
    package var addressesPerInterface: Int {
        switch String(name.drop(while: { $0 != "." }).dropFirst()) {
        case "nano", "micro": 2
        case "small": 4
        case "medium": 6
        case "large": isBurstable ? 12 : 10
        case "xlarge", "2xlarge": 15
        case "4xlarge", "8xlarge", "12xlarge": 30
        default: family == "m4" ? 30 : Self.mostAddressesPerInterface
        }
    }

    /// What those with the largest network can.
    package static let mostAddressesPerInterface = 50

    package static func named(_ name: String) -> InstanceType? { byName[name] }

    /// The general, computing and memory families of recent years, ordered by name.
    package static let all: [InstanceType] = (families.flatMap { family in family.types } + early).sorted { $0.name < $1.name }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    private struct Family {
        let name: String
        let architecture: Architecture
        /// MiB a processor.
        let memory: Int
        let isCurrent: Bool

        var types: [InstanceType] {
            name.hasPrefix("t")
                ? burstable : InstanceType.sizes.map { size, processors in type(size, processors, memory * processors) }
        }

        private func type(_ size: String, _ processors: Int, _ memory: Int) -> InstanceType {
            InstanceType(
                name: "\(name).\(size)", architecture: architecture, processors: processors, memory: memory,
                isCurrent: isCurrent)
        }

        /// T2 has one processor in its smallest three sizes, the later ones two.
        private var burstable: [InstanceType] {
            let few = name == "t2" ? 1 : 2
            return [
                type("nano", few, 512), type("micro", few, 1024), type("small", few, 2048), type("medium", 2, 4096),
                type("large", 2, 8192), type("xlarge", 4, 16_384), type("2xlarge", 8, 32_768),
            ]
        }
    }

    /// Of EC2's first years; `m1.small` is what an instance is whose type is not said.
    private static let early = [
        ("t1.micro", 1, 613), ("m1.small", 1, 1740), ("m1.medium", 1, 3840), ("m1.large", 2, 7680), ("m3.medium", 1, 3840),
    ].map {
        InstanceType(name: $0.0, architecture: .x86, processors: $0.1, memory: $0.2, isCurrent: false)
    }

    private static let sizes: [(name: String, processors: Int)] = [
        ("large", 2), ("xlarge", 4), ("2xlarge", 8), ("4xlarge", 16), ("8xlarge", 32), ("12xlarge", 48), ("16xlarge", 64),
    ]

    private static let families: [Family] =
        [
            ("t2", Architecture.x86, 0, true), ("t3", .x86, 0, true), ("t3a", .x86, 0, true), ("t4g", .arm64, 0, true),
            ("m4", .x86, 4096, true), ("m5", .x86, 4096, true), ("m6i", .x86, 4096, true), ("m6g", .arm64, 4096, true),
            ("m7i", .x86, 4096, true), ("m7g", .arm64, 4096, true), ("c5", .x86, 2048, true), ("c6i", .x86, 2048, true),
            ("c6g", .arm64, 2048, true), ("c7i", .x86, 2048, true), ("c7g", .arm64, 2048, true), ("r5", .x86, 8192, true),
            ("r6i", .x86, 8192, true), ("r6g", .arm64, 8192, true), ("r7i", .x86, 8192, true), ("r7g", .arm64, 8192, true),
        ].map { Family(name: $0.0, architecture: $0.1, memory: $0.2, isCurrent: $0.3) }
}
