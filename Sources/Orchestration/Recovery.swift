import Cloud
import Crypto
import FoundationEssentials
import Glibc
import Ledger
import Model
import Platform

/// Brings the workspace back into order after a crash: operations of dead processes are undone, so that no half-made image stays.
/// What they had stored stays in the store, where the next run finds it.
package struct Recovery {
    private let workspace: Workspace

    package init(_ workspace: Workspace) { self.workspace = workspace }

    /// Returns what was undone, for people.
    @discardableResult
    package func run() throws(Failure) -> [String] {
        var done: [String] = []
        for operation in try workspace.ledger.unfinishedOperations() {
            let intent: OperationIntent = try JSON.value(operation.intent)
            guard Holder.isDead(intent.holder) else { continue }
            try undo(operation, reason: "the process that did it ended before it was done")
            done.append("\(operation.kind.rawValue) of \(operation.subject)")
        }
        for build in try workspace.ledger.runningBuilds() where try closeInterrupted(build) {
            done.append("build \(build.id) of \(build.pipeline)")
        }
        removeTemporaryFolders()
        return done
    }

    /// Takes back what an operation may have begun. Safe to do twice.
    func undo(_ operation: OperationRecord, reason: String) throws(Failure) {
        let intent: OperationIntent = try JSON.value(operation.intent)
        if let name = operation.region {
            let region = try workspace.plane.region(name)
            for image in try region.images(ImageFilter(states: [.pending])) where matches(image, intent) {
                _ = try region.markFailed(image.id, reason: reason, at: workspace.now)
                try region.deregister(image.id, deletingSnapshots: true)
            }
        }
        _ = try workspace.ledger.abandon(operation.id, reason: reason, at: workspace.now)
    }

    private func matches(_ image: ImageRecord, _ intent: OperationIntent) -> Bool {
        if let source = image.source { return intent.source == "\(source.region) \(source.image)" }
        return intent.source == nil && image.release?.description == intent.release
    }

    /// A running build whose lease is free was killed.
    private func closeInterrupted(_ build: BuildRecord) throws(Failure) -> Bool {
        do throws(Failure) {
            return try workspace.exclusively(Builder.leaseName(build.pipeline)) { (lease) throws(Failure) in
                guard try workspace.ledger.build(build.id).state == .running else { return false }
                _ = try workspace.ledger.finishBuild(
                    build.id, .failed("the process that ran it was killed"), at: workspace.now, under: lease)
                return true
            }
        } catch {
            if error.code == .busy { return false }
            throw error
        }
    }

    private func removeTemporaryFolders() {
        let folder = workspace.home + "/tmp"
        for name in Files.names(in: folder) where Holder.isDead(name.split(separator: "-").first.map(String.init) ?? "") {
            try? Files.removeTree("\(folder)/\(name)")
        }
    }
}
