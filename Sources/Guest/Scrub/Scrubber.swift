import ImageStore
import Model

/// What an operation does: one kind, one file. A profile names it as its `action`, or as `handler` where code has to know more.
package protocol ScrubKind: Sendable {
    static var name: String { get }
    /// Changes the tree through `work`. What it cannot do it tells as a problem; it throws where the tree cannot be read.
    func run(_ work: ScrubWork) throws(Failure)
}

/// Runs a profile over a tree.
package struct Scrubber {
    /// Every kind there is.
    package static let kinds: [any ScrubKind] = [
        DeletePaths(), TruncateFiles(), ResetFiles(), EditFiles(), CheckPaths(),
        ResetMachineID(), LinkDBusMachineID(), EditHosts(), RestoreStubResolver(), RenameBootEntries(), ResetISCSIInitiator(),
        DeleteSSHHostKeys(), DeleteAuthorizedKeys(), LockRootPassword(), LockPasswords(), LockGroupPasswords(), DeleteAccounts(),
        EmptyLogs(), DeleteExampleCertificate(), DeleteCoreFiles(), DeleteSwapFiles(), StripUserAttributes(),
    ]

    private let profile: ScrubProfile
    private let options: ScrubOptions
    private let evidenceKey: [UInt8]

    /// `evidenceKey` keys the digests in the report.
    package init(_ profile: ScrubProfile, _ options: ScrubOptions = ScrubOptions(), evidenceKey: [UInt8]) {
        self.profile = profile
        self.options = options
        self.evidenceKey = evidenceKey
    }

    /// Runs every operation that is not skipped, also after one that failed. A failed operation is told in the report only.
    package func run(on editor: TreeEditor) throws(Failure) -> ScrubReport {
        let homes = try HomeFolders(in: editor)
        let facts = try ScrubFacts(in: editor)
        let packaged = PackagedPaths(in: editor)
        var report = ScrubReport(profile: profile.name, operations: [], warnings: homes.problems)
        for operation in profile.operations {
            if let reason = options.reasonToSkip(operation) {
                report.operations.append(Self.skipped(operation, reason))
                continue
            }
            let work = ScrubWork(
                operation, editor, homes: homes, options: options, facts: facts, packaged: packaged, evidenceKey: evidenceKey)
            try Self.kind(of: operation).run(work)
            report.operations.append(Self.report(work))
        }
        return report
    }

    package static func kind(of operation: ScrubOperation) throws(Failure) -> any ScrubKind {
        let name = operation.handler ?? operation.action.rawValue
        guard let kind = kinds.first(where: { type(of: $0).name == name }) else {
            throw Failure(.invalid, "the scrub operation '\(operation.id)' names the handler '\(name)', which does not exist")
        }
        return kind
    }

    private static func skipped(_ operation: ScrubOperation, _ reason: String) -> ScrubReport.Operation {
        .init(
            id: operation.id, group: operation.group, action: operation.action, status: .skipped, reason: reason, removed: [],
            notes: [])
    }

    private static func report(_ work: ScrubWork) -> ScrubReport.Operation {
        let operation = work.operation
        return .init(
            id: operation.id, group: operation.group, action: operation.action, status: work.status,
            reason: work.problems.isEmpty ? nil : work.problems.joined(separator: "; "), removed: work.removed, notes: work.notes)
    }
}
