import Cloud
import Crypto
import ImageStore
import Ledger
import Model
import Text

/// Checks and collects the stores of all regions: the open one of each, and those of its keys.
package struct Maintenance {
    /// What was done with one store.
    package struct Result<Report: Sendable>: Sendable {
        package let region: RegionName
        /// The key that the store is under; nil for the open one.
        package let key: KeyID?
        package let report: Report
        /// Why nothing was done: its key cannot be used.
        package let obstacle: Failure?
    }

    private let workspace: Workspace

    package init(_ workspace: Workspace) { self.workspace = workspace }

    /// Verifies every byte of every store, and that every image, snapshot, volume and checkpoint is whole. A damaged ledger or catalogue is
    /// `Failure(.corrupt)`, since nobody can say then what is needed.
    package func check(
        progress: @escaping @Sendable (_ region: RegionName, _ done: UInt64, _ total: UInt64) -> Void = { _, _, _ in }
    ) throws(Failure) -> [Result<StoreCheck.Report>] {
        var reports: [Result<StoreCheck.Report>] = []
        try workspace.ledger.verify()
        for name in try workspace.plane.regions() {
            let region = try workspace.plane.region(name)
            try region.verifyCatalogue()
            let live = try region.images(ImageFilter(states: [.available, .disabled]))
            let store = try workspace.store(of: region)
            var images: [(name: String, root: Digest)] = []
            for image in live {
                if image.key == nil, let root = image.root { images.append((image.id.description, root)) }
                if let evidence = try region.evidence(of: image.id) { images.append(("evidence of \(image.id)", evidence)) }
            }
            let named = Set(images.map(\.root))
            for root in try region.roots(under: nil).sorted() where !named.contains(root) {
                images.append(("snapshot or volume \(root.short)", root))
            }
            for tree in try workspace.ledger.checkpointTrees() where store.contains(tree) {
                images.append(("checkpoint \(tree.short)", tree))
            }
            let report = try StoreCheck(store, progress: { progress(name, $0, $1) }).run(images: images)
            reports.append(Result(region: name, key: nil, report: report, obstacle: nil))
            for key in try region.encryptedStores() {
                reports.append(try check(key, of: region, live.filter { $0.key?.id == key }) { progress(name, $0, $1) })
            }
        }
        return reports + (try missingRegions())
    }

    /// Regions in which builds and copies put images, and of which there is no folder any more.
    private func missingRegions() throws(Failure) -> [Result<StoreCheck.Report>] {
        let there = Set(try workspace.plane.regions())
        return try workspace.ledger.regionsOfOperations().filter { !there.contains($0.key) }.sorted { $0.key < $1.key }.map {
            var report = StoreCheck.Report.nothing
            report.findings = [
                StoreCheck.Finding(
                    subject: "the region \($0.key)", problem: "its folder is gone",
                    affects: ["all that was in it: \(Amount.count($0.value, "image")) of builds and copies"])
            ]
            return Result(region: $0.key, key: nil, report: report, obstacle: nil)
        }
    }

    private func check(
        _ key: KeyID, of region: any Region, _ images: [ImageRecord],
        progress: @escaping @Sendable (_ done: UInt64, _ total: UInt64) -> Void
    ) throws(Failure) -> Result<StoreCheck.Report> {
        var needed: [(name: String, root: Digest)] = []
        for root in try region.roots(under: key).sorted() {
            let image = images.first { $0.root == root }
            needed.append((image?.id.description ?? "snapshot or volume \(root.short)", root))
        }
        do throws(Failure) {
            let store = try region.encryptedStore(key, isNeeded: true)
            for tree in try workspace.ledger.checkpointTrees() where store.contains(tree) {
                needed.append(("checkpoint \(tree.short)", tree))
            }
            return Result(
                region: region.name, key: key, report: try StoreCheck(store, progress: progress).run(images: needed),
                obstacle: nil)
        } catch {
            guard error.code == .denied else { throw error }
            return Result(region: region.name, key: key, report: .nothing, obstacle: error)
        }
    }

    /// Removes what no image and no checkpoint needs. Checkpoints that no build used for `keep` are forgotten first.
    package func collect(keep: TimeSpan, dryRun: Bool) throws(Failure) -> [Result<Collector.Report>] {
        let limit = workspace.now - keep
        if !dryRun {
            try Recovery(workspace).run()
            try workspace.ledger.forgetCheckpoints(unusedSince: limit, at: workspace.now)
        }
        var reports: [Result<Collector.Report>] = []
        for name in try workspace.plane.regions() {
            let region = try workspace.plane.region(name)
            if !dryRun { try region.emptyRecycleBin(at: workspace.now) }
            let store = try workspace.store(of: region)
            let collector = Collector(store) { () throws(Failure) in
                let roots = Array(try region.roots(under: nil))
                let checkpoints = try workspace.ledger.checkpointTrees(usedSince: limit)
                return roots + checkpoints.filter { store.contains($0) }
            }
            reports.append(Result(region: name, key: nil, report: try collector.run(dryRun: dryRun), obstacle: nil))
            for key in try region.encryptedStores() { reports.append(try collect(key, of: region, since: limit, dryRun: dryRun)) }
        }
        return reports
    }

    /// Which objects are needed only who has the key can say; without it everything stays, unless no image, snapshot or volume needs any.
    private func collect(
        _ key: KeyID, of region: any Region, since limit: Instant, dryRun: Bool
    ) throws(Failure) -> Result<Collector.Report> {
        do throws(Failure) {
            let store = try region.encryptedStore(key, isNeeded: try !region.roots(under: key).isEmpty)
            let collector = Collector(store) { () throws(Failure) in
                let checkpoints = try workspace.ledger.checkpointTrees(usedSince: limit)
                return Array(try region.roots(under: key)) + checkpoints.filter { store.contains($0) }
            }
            return Result(region: region.name, key: key, report: try collector.run(dryRun: dryRun), obstacle: nil)
        } catch {
            guard error.code == .denied else { throw error }
            return Result(region: region.name, key: key, report: .nothing, obstacle: error)
        }
    }
}
