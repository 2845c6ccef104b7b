/// What a plane is made of: its accounts, its regions with their zones, and how much of everything there may be.
package struct PlaneSettings: Hashable, Sendable {
    package var directory: AccountDirectory
    /// Empty for all regions that exist, each with its usual zones.
    package var regions: [RegionSettings]
    package var limits: ServiceLimits
    /// In whose name commands act; nil for the first account.
    package var actor: AccountID?

    package init(directory: AccountDirectory, regions: [RegionSettings] = [], limits: ServiceLimits = ServiceLimits()) {
        self.directory = directory
        self.regions = regions
        self.limits = limits
    }

    /// The plane without a document `ingot.yaml`: one account, all regions.
    package static let single = PlaneSettings(
        directory: AccountDirectory(accounts: [Account(id: .zero, name: "ingot")]))

    /// The account that acts where no other is named.
    package var account: AccountID { actor ?? directory.first.id }

    package var regionNames: [String] {
        regions.isEmpty ? RegionName.commercial : regions.map(\.name.description)
    }

    /// Where roles and instance profiles of all regions are kept: the first region, where the plane has no `us-east-1`.
    package var identityRegion: RegionName {
        regions.isEmpty || regions.contains { $0.name == .global } ? .global : regions[0].name
    }

    package func zones(of region: RegionName) -> [AvailabilityZone] {
        let letters = regions.first { $0.name == region }?.zones ?? RegionSettings.usualZones
        return letters.enumerated().map { AvailabilityZone(region: region, letter: $1, number: $0 + 1) }
    }
}

/// A region that a plane has.
package struct RegionSettings: Hashable, Sendable {
    package var name: RegionName
    /// The letters of its zones.
    package var zones: [String]

    package static let usualZones = ["a", "b", "c"]

    package init(name: RegionName, zones: [String] = RegionSettings.usualZones) {
        self.name = name
        self.zones = zones
    }
}

/// A zone of a region: `us-east-1a`, with the id `use1-az1`.
package struct AvailabilityZone: Hashable, Sendable {
    package let name: String
    package let id: String

    init(region: RegionName, letter: String, number: Int) {
        name = region.description + letter
        // EC2 shortens the direction: us-east-1 is use1, ap-northeast-2 is apne2.
        let parts = region.description.split(separator: "-")
        let directions = parts.dropFirst().dropLast().map { Self.short($0) }.joined()
        id = "\(parts.first ?? "")\(directions)\(parts.last ?? "")-az\(number)"
    }

    private static func short(_ word: Substring) -> String {
        switch word {
        case "northeast": "ne"
        case "northwest": "nw"
        case "southeast": "se"
        case "southwest": "sw"
        default: String(word.prefix(1))
        }
    }
}
