import Cloud
import Crypto
import ImageStore
import Ledger
import Model
import Orchestration
import Platform
import Recipes
import TestSupport
import Testing

@Suite struct CostTests {
    /// A thousandth of a dollar for a thousand bytes in us-east-1, twice that elsewhere; a tenth in the archive; a hundredth for a copy.
    private static func prices() throws(Failure) -> PriceTable {
        try PriceDocument.table(
            Array(
                """
                name: round
                date: 2026-01-01
                currency: USD
                default: {snapshot: 2147.483648, archive: 214.7483648, transfer: 10.73741824}
                regions:
                  us-east-1: {snapshot: 1073.741824, archive: 107.3741824, transferTo: {eu-west-1: 21.47483648}}
                """.utf8), file: "prices.yaml")
    }

    private func report(_ workspace: Workspace, in region: String? = nil) throws -> CostReport {
        let region = try region.map { (name) throws(Failure) in try RegionName(parsing: name) }
        return try CostReport(workspace, owner: .zero, region: region, prices: try Self.prices())
    }

    /// A version of `web` with a file of a thousand bytes that stays, and one that changes.
    @discardableResult
    private func build(_ fixture: Fixture, _ workspace: Workspace, changing: Int) throws -> ImageRecord {
        var random = SeededRandom(7)
        try Files.writeDurably("\(fixture.folder)/recipes/stays", random.bytes(1000))
        var other = SeededRandom(UInt64(changing))
        try Files.writeDurably("\(fixture.folder)/recipes/changes", other.bytes(changing))
        try fixture.recipe(
            "- files: [{copy: {from: stays, to: /a}}, {copy: {from: stays, to: /again}}, {copy: {from: changes, to: /b}}]")
        try fixture.pipeline("distribution: [{region: us-west-2}, {region: eu-west-1}]")
        fixture.test.advance(.minutes(1))
        return try fixture.build(in: workspace).sealed.image
    }

    private func nanos(_ items: [CostReport.Item], _ value: (CostReport.Cost) -> Money) -> [Int64] {
        items.map { value($0.cost).nanos }
    }

    @Test func `a version costs what it adds to the one before, a copy what it adds where it is, and once its transfer`() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            try build(fixture, workspace, changing: 200)
            try build(fixture, workspace, changing: 300)
            let report = try self.report(workspace)
            // Each region: 1000 + 200 bytes, then 300. The file that is there twice is stored once.
            #expect(
                report.items.map(\.region.description) == [
                    "eu-west-1", "eu-west-1", "us-east-1", "us-east-1", "us-west-2", "us-west-2",
                ])
            #expect(report.items.map(\.cost.standardBytes) == [1200, 300, 1200, 300, 1200, 300])
            #expect(report.items.allSatisfy { $0.pipeline?.description == "nightly" && $0.snapshots.count == 1 })
            #expect(nanos(report.items, \.storage) == [2_400_000, 600_000, 1_200_000, 300_000, 2_400_000, 600_000])
            // From us-east-1: 20 billionths a byte to eu-west-1, 10 elsewhere.
            #expect(nanos(report.items, \.transfer) == [24_000, 6000, 0, 0, 12_000, 3000])
            #expect(report.total.storage.description == "0.0075" && report.total.transfer.description == "0.000045")
            #expect(report.regions.map(\.cost.storage.nanos) == [3_000_000, 1_500_000, 3_000_000])
            #expect(report.pipelines.map(\.cost) == [report.total])
            #expect(try self.report(workspace, in: "us-east-1").total.standardBytes == 1500)
        }
    }

    @Test func `what is in the archive costs all that it holds, and no other snapshot shares it`() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let first = try build(fixture, workspace, changing: 200)
            try build(fixture, workspace, changing: 300)
            let actions = try workspace.plane.actions(in: first.region, as: .zero)
            let snapshot = try #require(first.volumes.first?.snapshot)
            try actions.disableImage(first.id)
            _ = try actions.archiveSnapshot(snapshot)
            var items = try report(workspace, in: "us-east-1").items
            #expect(items.map(\.cost.standardBytes) == [0, 1300] && items.map(\.cost.archiveBytes) == [1200, 0])
            #expect(nanos(items, \.storage) == [120_000, 1_300_000])
            // Restored for a day it is in both tiers, and then in the archive again.
            _ = try actions.restoreSnapshotTier(snapshot, days: 1)
            items = try report(workspace, in: "us-east-1").items
            #expect(nanos(items, \.storage) == [1_320_000, 1_300_000])
            fixture.test.advance(.days(2))
            #expect(nanos(try report(workspace, in: "us-east-1").items, \.storage) == [120_000, 1_300_000])
        }
    }

    @Test func `where a version is gone, the next one costs what both had`() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let first = try build(fixture, workspace, changing: 200)
            let second = try build(fixture, workspace, changing: 300)
            let third = try build(fixture, workspace, changing: 200)
            let east = try fixture.region(of: workspace)
            // The third has what the first had.
            #expect(try self.report(workspace, in: "us-east-1").items.map(\.cost.standardBytes) == [1200, 300, 0])
            try east.deregister(first.id, deletingSnapshots: true)
            #expect(try self.report(workspace, in: "us-east-1").items.map(\.cost.standardBytes) == [1300, 200])
            try east.deregister(second.id, deletingSnapshots: true)
            let left = try report(workspace, in: "us-east-1").items
            #expect(left.map(\.image?.id) == [third.id] && left.map(\.cost.standardBytes) == [1200])
        }
    }

    @Test func `an image shares with the image that it was built on, in every region, and not with others that were`() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            try fixture.recipe("- files: [{write: {path: /base, text: \(String(repeating: "b", count: 100))}}]", name: "base")
            try fixture.pipeline("distribution: [{region: us-west-2}]", name: "base", recipe: "base")
            try fixture.build("base", in: workspace)
            for name in ["one", "two"] {
                try fixture.recipe("- files: [{write: {path: /own, text: same-in-both}}]", name: name, parent: "base")
                try fixture.pipeline("distribution: [{region: us-west-2}]", name: name, recipe: name)
                fixture.test.advance(.minutes(1))
                try fixture.build(name, in: workspace)
            }
            let report = try self.report(workspace)
            #expect(report.items.map(\.cost.standardBytes) == [100, 12, 12, 100, 12, 12])
            #expect(report.pipelines.map { $0.pipeline?.description } == ["base", "one", "two"])
            #expect(report.pipelines.map(\.cost.standardBytes) == [200, 24, 24])
        }
    }

    @Test func `of a large file that changes in one place only the piece around it is added`() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            var random = SeededRandom(3)
            var bytes = random.bytes(8 << 20)
            try fixture.recipe("- files: [{copy: {from: blob, to: /blob}}]")
            try fixture.pipeline()
            for _ in 0..<2 {
                try Files.writeDurably("\(fixture.folder)/recipes/blob", bytes)
                fixture.test.advance(.minutes(1))
                try fixture.build(in: workspace)
                bytes[4 << 20] ^= 1
            }
            let sizes = try report(workspace).items.map(\.cost.standardBytes)
            #expect(sizes.first == 8 << 20)
            #expect(1...(4 << 20) ~= sizes.last ?? 0)
        }
    }
}
