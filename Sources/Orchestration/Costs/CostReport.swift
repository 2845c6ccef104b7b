import Cloud
import ImageStore
import Ledger
import Model

/// What the snapshots of an account cost: storage each month, and the transfer of copies once.
package struct CostReport: Sendable {
    /// The cost of one image in its region, or of a snapshot without an image.
    package struct Item: Sendable {
        package var region: RegionName
        package var image: ImageRecord?
        package var snapshots: [SnapshotID]
        /// That built it, or the original of a copy.
        package var pipeline: ResourceName?
        package var cost: Cost
    }

    /// Bytes of the contents of files, and what they cost.
    package struct Cost: Sendable, Hashable {
        /// In the standard tier: what is added to the snapshots before.
        package var standardBytes: Int64 = 0
        /// In the archive tier: all of it.
        package var archiveBytes: Int64 = 0
        /// That came from another region.
        package var transferBytes: Int64 = 0
        /// Each month.
        package var storage = Money.zero
        /// Once.
        package var transfer = Money.zero

        package init() {}

        package static func + (a: Cost, b: Cost) -> Cost {
            var sum = a
            sum.standardBytes += b.standardBytes
            sum.archiveBytes += b.archiveBytes
            sum.transferBytes += b.transferBytes
            sum.storage = a.storage + b.storage
            sum.transfer = a.transfer + b.transfer
            return sum
        }
    }

    package let prices: PriceTable
    /// By region, the oldest first.
    package let items: [Item]

    package var total: Cost { items.reduce(Cost()) { $0 + $1.cost } }

    /// By region.
    package var regions: [(region: RegionName, cost: Cost)] {
        Dictionary(grouping: items, by: \.region).sorted { $0.key < $1.key }.map { region, items in
            (region, items.reduce(Cost()) { $0 + $1.cost })
        }
    }

    /// By pipeline, at last what none built.
    package var pipelines: [(pipeline: ResourceName?, cost: Cost)] {
        func isBefore(_ a: ResourceName?, _ b: ResourceName?) -> Bool {
            guard let a else { return false }
            return b.map { a < $0 } ?? true
        }
        return Dictionary(grouping: items, by: \.pipeline).sorted { isBefore($0.key, $1.key) }.map { pipeline, items in
            (pipeline, items.reduce(Cost()) { $0 + $1.cost })
        }
    }
}

// MARK: - Making

extension CostReport {
    /// Looks at all snapshots of an account, or at those of one region.
    package init(_ workspace: Workspace, owner: AccountID, region: RegionName? = nil, prices: PriceTable) throws(Failure) {
        let pipelines = try Self.pipelines(workspace.ledger)
        var items: [Item] = []
        for name in try region == nil ? workspace.plane.regions() : [region].compactMap(\.self) {
            let region = try workspace.plane.region(name)
            items += try Self.items(region, owner, workspace, prices, pipelines)
        }
        self.prices = prices
        self.items = items
    }

    /// The pipelines that built images.
    private static func pipelines(_ ledger: Ledger) throws(Failure) -> [ImageID: ResourceName] {
        var pipelines: [ImageID: ResourceName] = [:]
        for build in try ledger.builds() { if let image = build.image { pipelines[image] = build.pipeline } }
        return pipelines
    }

    private static func items(
        _ region: any Region, _ owner: AccountID, _ workspace: Workspace, _ prices: PriceTable,
        _ pipelines: [ImageID: ResourceName]
    ) throws(Failure) -> [Item] {
        let images = try region.images(ImageFilter()).filter { $0.owner == owner }
        var imageOf: [SnapshotID: ImageRecord] = [:]
        for image in images {
            for volume in image.volumes { if let id = volume.snapshot, imageOf[id] == nil { imageOf[id] = image } }
        }
        var items: [Item] = []
        let lineage = try SnapshotLineage(region, owner: owner, plane: workspace.plane, now: workspace.now)
        for (snapshot, size) in try lineage.sizes() {
            let image = imageOf[snapshot.id]
            let cost = cost(of: snapshot, size, in: region.name, from: image?.source?.region, prices)
            if let image, let index = items.firstIndex(where: { $0.image?.id == image.id }) {
                items[index].snapshots.append(snapshot.id)
                items[index].cost = items[index].cost + cost
                continue
            }
            let pipeline = image.flatMap { pipelines[$0.id] ?? $0.source.flatMap { pipelines[$0.image] } }
            items.append(Item(region: region.name, image: image, snapshots: [snapshot.id], pipeline: pipeline, cost: cost))
        }
        return items
    }

    private static func cost(
        of snapshot: SnapshotRecord, _ size: SnapshotLineage.Size, in region: RegionName, from source: RegionName?,
        _ prices: PriceTable
    ) -> Cost {
        var cost = Cost()
        let here = prices.prices(in: region)
        // While it is restored for a time it is in both tiers.
        let isRestored = snapshot.restoredUntil != nil
        if snapshot.tier == .archive || isRestored { cost.archiveBytes = size.whole }
        if snapshot.tier == .standard { cost.standardBytes = isRestored ? size.whole : size.added }
        cost.storage = here.snapshot.forBytes(cost.standardBytes) + here.archive.forBytes(cost.archiveBytes)
        if let source, source != region {
            cost.transferBytes = size.added
            cost.transfer = prices.transfer(from: source, to: region).forBytes(size.added)
        }
        return cost
    }
}
