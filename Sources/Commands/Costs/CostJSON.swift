import Cloud
import Model
import Orchestration

/// The documented shape of `ingot cost`.
struct CostJSON: Encodable {
    let prices: Prices
    let images: [Item]
    let pipelines: [Group]
    let regions: [Group]
    let total: Cost

    struct Prices: Encodable {
        let name: String
        let date: String
        let currency: String
    }

    struct Cost: Encodable {
        let standardBytes: Int64
        let archiveBytes: Int64
        let transferBytes: Int64
        let monthly: Money
        let once: Money

        init(_ cost: CostReport.Cost) {
            standardBytes = cost.standardBytes
            archiveBytes = cost.archiveBytes
            transferBytes = cost.transferBytes
            monthly = cost.storage
            once = cost.transfer
        }
    }

    struct Item: Encodable {
        let imageId: String?
        let name: String?
        let version: String?
        let pipeline: String?
        let region: String
        let snapshotIds: [String]
        let cost: Cost
    }

    struct Group: Encodable {
        /// Of a pipeline or a region; nil for what no pipeline built.
        let name: String?
        let cost: Cost
    }

    init(_ report: CostReport) {
        prices = Prices(name: report.prices.name, date: Self.day(report.prices.date), currency: report.prices.currency)
        images = report.items.map { item in
            Item(
                imageId: item.image?.id.description, name: item.image?.name.description,
                version: item.image?.release?.description, pipeline: item.pipeline?.description,
                region: item.region.description, snapshotIds: item.snapshots.map(\.description), cost: Cost(item.cost))
        }
        pipelines = report.pipelines.map { Group(name: $0.pipeline?.description, cost: Cost($0.cost)) }
        regions = report.regions.map { Group(name: $0.region.description, cost: Cost($0.cost)) }
        total = Cost(report.total)
    }

    static func day(_ instant: Instant) -> String { String(instant.description.prefix(10)) }
}
