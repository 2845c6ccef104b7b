import CommandLineKit
import Model
import Orchestration
import Text

/// What one image, pipeline or region costs, or all together.
struct CostRow: ListRow {
    let name: String
    var version = ""
    var region = ""
    let cost: CostReport.Cost
    var isTotal = false

    static let tableHeader: [Table.Column] = [
        Table.Column("COST OF", canShrink: false), "VERSION", "REGION", Table.Column("STANDARD", .trailing),
        Table.Column("ARCHIVE", .trailing), Table.Column("A MONTH", .trailing), Table.Column("COPIED", .trailing),
        Table.Column("ONCE", .trailing),
    ]

    var tableRow: [String] {
        [
            name, version, region, Amount.bytes(cost.standardBytes), Amount.bytes(cost.archiveBytes), cost.storage.rounded,
            Amount.bytes(cost.transferBytes), cost.transfer.rounded,
        ]
    }

    /// Of the total there is nothing to identify.
    var quietValue: String { name }
    var json: CostJSON.Cost { CostJSON.Cost(cost) }
}
