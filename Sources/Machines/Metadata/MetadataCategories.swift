import Cloud
import Model

/// The categories of `meta-data`.
struct MetadataCategories {
    private let facts: InstanceFacts
    private let instance: InstanceRecord
    private let region: RegionName
    private let zones: [AvailabilityZone]
    private let role: InstanceRole?
    private let publicAddress: String?

    private typealias Entry = MetadataNode.Entry

    init(
        _ facts: InstanceFacts, _ region: RegionName, _ zones: [AvailabilityZone], _ role: InstanceRole?,
        _ publicAddress: String?
    ) {
        self.facts = facts
        instance = facts.instance
        self.region = region
        self.zones = zones
        self.role = role
        self.publicAddress = publicAddress
    }

    /// In the order in which they are listed.
    var entries: [MetadataNode.Entry] {
        var entries = [
            Entry("ami-id", instance.image.description),
            Entry("ami-launch-index", String(instance.index)),
            Entry("ami-manifest-path", instance.manifestLocation ?? "(unknown)"),
            Entry("block-device-mapping", .folder(devices)),
            Entry("hostname", name),
            Entry("instance-action", "none"),
            Entry("instance-id", instance.id.description),
            Entry("instance-life-cycle", "on-demand"),
            Entry("instance-type", instance.type.name),
            Entry("local-hostname", name),
            Entry("local-ipv4", instance.address),
            Entry("mac", mac),
            Entry("network", .folder([Entry("interfaces", .folder([Entry("macs", .folder(interfaces))]))])),
            Entry("placement", .folder(placement)),
            Entry("profile", "default-hvm"),
            Entry("reservation-id", instance.reservation.description),
            Entry("security-groups", facts.groupNames.joined(separator: "\n")),
            Entry("services", .folder([Entry("domain", "amazonaws.com"), Entry("partition", "aws")])),
        ]
        if !instance.products.isEmpty {
            entries.append(Entry("product-codes", instance.products.map(\.code).joined(separator: "\n")))
        }
        if let role { entries.append(Entry("iam", .later { () throws(Failure) in try role.entries })) }
        if let first = ipv6.first { entries.append(Entry("ipv6", first.description)) }
        if let publicAddress {
            entries += [Entry("public-hostname", publicAddress), Entry("public-ipv4", publicAddress)]
        }
        if let name = instance.keyName, let key = facts.publicKey {
            let folder = MetadataNode.folder([Entry("openssh-key", key + "\n")])
            entries.append(Entry("public-keys", .folder([Entry("0", folder, shown: "0=\(name)")])))
        }
        if instance.metadata.showsTags {
            let tags = instance.tags.map { Entry($0.key, $0.value) }
            entries.append(Entry("tags", .folder([Entry("instance", .folder(tags))])))
        }
        return entries.sorted { $0.name < $1.name }
    }

    private var name: String { instance.privateName(in: region) }

    private var placement: [MetadataNode.Entry] {
        let zone = instance.subnet.zone
        return [
            Entry("availability-zone", zone),
            Entry("availability-zone-id", zones.first { $0.name == zone }?.id ?? ""),
            Entry("region", region.description),
        ]
    }

    /// The root device under two names, then the others, numbered.
    private var devices: [MetadataNode.Entry] {
        let others = instance.volumes.compactMap(\.attachment?.device).filter { $0 != instance.rootDeviceName }
        return [Entry("ami", instance.rootDeviceName)]
            + others.enumerated().map { Entry("ebs\($0.offset + 1)", $0.element) }
            + [Entry("root", instance.rootDeviceName)]
    }

    // MARK: The network

    /// The first interface; an instance that runs has one.
    private var mac: String { instance.interfaces.first?.mac ?? "" }

    private var addresses: [String] { instance.interfaces.first?.addresses ?? [] }

    private var ipv6: [AddressBlock6.Address] { instance.interfaces.first?.ipv6 ?? [] }

    private var interfaces: [MetadataNode.Entry] {
        var entries = [
            Entry("device-number", "0"),
            Entry("interface-id", instance.interfaces.first?.id.description ?? ""),
            Entry("local-hostname", name),
            Entry("local-ipv4s", addresses.joined(separator: "\n")),
            Entry("mac", mac),
            Entry("owner-id", instance.owner.description),
            Entry("security-group-ids", instance.groups.map(\.description).joined(separator: "\n")),
            Entry("security-groups", facts.groupNames.joined(separator: "\n")),
            Entry("subnet-id", instance.subnet.id.description),
            Entry("subnet-ipv4-cidr-block", instance.subnet.block.description),
            Entry("vpc-id", instance.subnet.vpc.description),
            Entry("vpc-ipv4-cidr-block", facts.vpc.block.description),
            Entry("vpc-ipv4-cidr-blocks", Self.lines(facts.vpc.blocks4)),
        ]
        // What there is none of is not told.
        let lists = [
            ("ipv6s", Self.lines(ipv6)), ("subnet-ipv6-cidr-blocks", Self.lines(instance.subnet.blocks.map(\.block))),
            ("vpc-ipv6-cidr-blocks", Self.lines(facts.vpc.blocks6)),
        ]
        entries += lists.filter { !$0.1.isEmpty }.map { Entry($0.0, $0.1) }
        if let publicAddress {
            entries += [Entry("public-hostname", publicAddress), Entry("public-ipv4s", publicAddress)]
        }
        return [Entry(mac, .folder(entries.sorted { $0.name < $1.name }))]
    }

    private static func lines(_ values: [some CustomStringConvertible]) -> String {
        values.map(\.description).joined(separator: "\n")
    }
}
