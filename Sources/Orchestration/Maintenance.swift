import Cloud
import Crypto
import ImageStore
import Ledger
import Model

/// Checks and collects the stores of all regions.
package struct Maintenance {
    private let workspace: Workspace

    package init(_ workspace: Workspace) { self.workspace = workspace }

    /// Verifies every byte of every region's store, and that every image and checkpoint is whole.
    package func check(
        progress: @escaping @Sendable (_ region: RegionName, _ done: UInt64, _ total: UInt64) -> Void = { _, _, _ in }
    ) throws(Failure) -> [(region: RegionName, report: StoreCheck.Report)] {
        var reports: [(region: RegionName, report: StoreCheck.Report)] = []
        for name in try workspace.plane.regions() {
            let region = try workspace.plane.region(name)
            let store = try workspace.store(of: region)
            var images: [(name: String, root: Digest)] = []
            for image in try region.images(ImageFilter(states: [.available, .disabled])) {
                if let root = image.root { images.append((image.id.description, root)) }
                if let evidence = try region.evidence(of: image.id) { images.append(("evidence of \(image.id)", evidence)) }
            }
            for tree in try workspace.ledger.checkpointTrees() where store.contains(tree) {
                images.append(("checkpoint \(tree.short)", tree))
            }
            reports.append((name, try StoreCheck(store, progress: { progress(name, $0, $1) }).run(images: images)))
        }
        return reports
    }

    /// Removes what no image and no checkpoint needs. Checkpoints that no build used for `keep` are forgotten first.
    package func collect(keep: TimeSpan, dryRun: Bool) throws(Failure) -> [(region: RegionName, report: Collector.Report)] {
        let limit = workspace.now - keep
        if !dryRun {
            try Recovery(workspace).run()
            try workspace.ledger.forgetCheckpoints(unusedSince: limit, at: workspace.now)
        }
        var reports: [(region: RegionName, report: Collector.Report)] = []
        for name in try workspace.plane.regions() {
            let region = try workspace.plane.region(name)
            if !dryRun { try region.emptyRecycleBin(at: workspace.now) }
            let store = try workspace.store(of: region)
            let collector = Collector(store) { () throws(Failure) in
                let roots = Array(try region.roots())
                let checkpoints = try workspace.ledger.checkpointTrees(usedSince: limit)
                return roots + checkpoints.filter { store.contains($0) }
            }
            reports.append((name, try collector.run(dryRun: dryRun)))
        }
        return reports
    }
}
