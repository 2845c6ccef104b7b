import Cloud
import Crypto
import FoundationEssentials
import ImageStore
import Ledger
import Model
import Platform
import Sandbox

/// Brings the workspace back into order after a crash: operations of dead processes are finished where their effect stands, and undone
/// where it does not, so that no half-made image stays. What they had stored stays in the store, where the next run finds it.
package struct Recovery {
    private let workspace: Workspace

    package init(_ workspace: Workspace) { self.workspace = workspace }

    /// Returns what was finished or undone, for people.
    @discardableResult
    package func run() throws(Failure) -> [String] {
        var done: [String] = []
        for operation in try workspace.ledger.unfinishedOperations() {
            let intent: OperationIntent = try JSON.value(operation.intent)
            guard workspace.holder.isDead(intent.holder) else { continue }
            let image = try settle(operation, reason: "the process that did it ended before it was done")
            done.append("\(operation.kind.rawValue) of \(operation.subject)" + (image == nil ? "" : ", which was done"))
            if let image, let build = intent.build { try finish(BuildID(build), with: image) }
        }
        for build in try workspace.ledger.runningBuilds() where try closeInterrupted(build) {
            done.append("build \(build.id) of \(build.pipeline)")
        }
        return done + removeTemporaryFolders()
    }

    /// Finishes an operation whose image is available, and returns the image; takes back all else that it may have begun. Safe to do
    /// twice.
    func settle(_ operation: OperationRecord, reason: String) throws(Failure) -> ImageRecord? {
        for image in try images(of: operation) {
            switch image.state {
            case .available, .disabled:
                _ = try workspace.ledger.complete(
                    operation.id, result: try CanonicalJSON.text(of: ["image": image.id.description]), at: workspace.now)
                return image
            case .pending, .failed:
                let region = try workspace.plane.region(image.region)
                if image.state == .pending { _ = try region.markFailed(image.id, reason: reason, at: workspace.now) }
                try region.deregister(image.id, deletingSnapshots: true)
            case .deregistered: break
            }
        }
        _ = try workspace.ledger.abandon(operation.id, reason: reason, at: workspace.now)
        return nil
    }

    /// What the operation registered. A region that is gone has taken it along.
    private func images(of operation: OperationRecord) throws(Failure) -> [ImageRecord] {
        guard let name = operation.region, try workspace.plane.regions().contains(name) else { return [] }
        return try workspace.plane.region(name).images(ImageFilter(token: operation.token))
    }

    /// The image that a killed build had made is its result.
    private func finish(_ build: BuildID, with image: ImageRecord) throws(Failure) {
        guard let root = image.root, try workspace.ledger.build(build).state == .running else { return }
        _ = try workspace.ledger.finishBuild(build, .succeeded(image: image.id, root: root), at: workspace.now)
    }

    /// A running build whose lease is free was killed: it has failed, unless its image stands.
    private func closeInterrupted(_ build: BuildRecord) throws(Failure) -> Bool {
        do throws(Failure) {
            return try workspace.exclusively(Builder.leaseName(build.pipeline)) { (lease) throws(Failure) in
                guard try workspace.ledger.build(build.id).state == .running else { return false }
                var result = BuildResult.failed("the process that ran it was killed")
                if let image = try image(of: build.id), let root = image.root { result = .succeeded(image: image.id, root: root) }
                _ = try workspace.ledger.finishBuild(build.id, result, at: workspace.now, under: lease)
                return true
            }
        } catch {
            if error.code == .busy { return false }
            throw error
        }
    }

    private func image(of build: BuildID) throws(Failure) -> ImageRecord? {
        for operation in try workspace.ledger.doneOperations(tokenPrefix: Builder.tokenPrefix(build)) {
            if let image = try images(of: operation).first { return image }
        }
        return nil
    }

    /// How often a folder is tried that cannot be removed, and the nanoseconds between: what the dead process started ends after it, and
    /// may still be writing.
    private static let removals = 20
    private static let removalPause: UInt64 = 50_000_000

    /// The folders are named after their makers: `holder-token`. Returns what cannot be removed, and why.
    private func removeTemporaryFolders() -> [String] {
        let folder = workspace.home + "/tmp"
        var problems: [String] = []
        for name in Files.names(in: folder) {
            guard let end = name.lastIndex(of: "-"), workspace.holder.isDead(String(name[..<end])) else { continue }
            if let failure = removeLeftover("\(folder)/\(name)") { problems.append(failure.chain.joined(separator: ": ")) }
        }
        return problems
    }

    private func removeLeftover(_ folder: String) -> Failure? {
        var failure: Failure?
        for attempt in 0..<Self.removals {
            if attempt > 0 { workspace.environment.wait(Self.removalPause) }
            do throws(Failure) {
                try Sandbox.removeLeftover(folder)
                return nil
            } catch { failure = error }
        }
        return failure
    }
}
