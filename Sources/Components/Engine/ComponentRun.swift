import Model

/// Runs documents on a tree.
package final class ComponentRun {
    /// In which order phases run.
    package enum Order: Sendable {
        /// Document after document, and each one's phases in its own order: all of them, or those that are named.
        case byDocument(phases: [String]?)
        /// Phase after phase, and in each all documents that have it: as Image Builder runs `build` and `validate`.
        case byPhase([String])
    }

    private let documents: [DocumentRun]
    private let state: RunState
    private var report: ExecutionReport

    /// Checks that every document has the values it needs.
    package convenience init(_ invocations: [ComponentInvocation], context: ComponentContext) throws(Failure) {
        let state = RunState(context: context)
        let documents = try invocations.map { (invocation) throws(Failure) in
            try DocumentRun(invocation, callers: [], state: state)
        }
        try self.init(documents, state: state)
    }

    init(_ documents: [DocumentRun], state: RunState) throws(Failure) {
        self.documents = documents
        self.state = state
        report = ExecutionReport(
            executionId: try state.newID(), status: .interrupted, startTime: state.time, endTime: "", failureMessage: "",
            documents: [])
    }

    /// The report of all that was done, also while and after `run` throws.
    package var currentReport: ExecutionReport {
        var report = report
        report.documents = documents.map(\.report)
        return report
    }

    /// The names of the SecureString parameters that steps were given, sorted.
    package var secureParameters: [String] { state.secureParameters }

    /// What the steps of each document have given so far.
    package var chaining: [ChainingState] { documents.map(\.chaining) }

    /// A step that fails is told by the report. Throws where the run could not go on: it was cancelled, programs cannot be run
    /// here, a named phase does not exist, or the store is damaged.
    package func run(_ order: Order) throws(Failure) -> ExecutionReport {
        try check(order)
        switch order {
        case .byDocument(let phases):
            for document in documents where !hasFailed { try document.run(phases.map { Set($0) }) }
        case .byPhase(let phases):
            for phase in phases {
                for document in documents where !hasFailed { try document.run([phase]) }
            }
        }
        for document in documents { document.finish() }
        report.endTime = state.time
        report.status = ExecutionStatus.whole(documents.map(\.report.status))
        report.failureMessage = documents.map(\.report.failureMessage).first { !$0.isEmpty } ?? ""
        return currentReport
    }

    private var hasFailed: Bool { documents.contains { $0.hasFailed } }

    private func check(_ order: Order) throws(Failure) {
        let selected: Set<String>?
        switch order {
        case .byDocument(let phases): selected = phases.map { Set($0) }
        case .byPhase(let phases): selected = Set(phases)
        }
        if case .byDocument(let phases?) = order {
            let known = Set(documents.flatMap(\.phaseNames))
            for phase in phases where !known.contains(phase) {
                throw Failure(
                    .invalid, "no document has a phase '\(phase)'",
                    hint: "the phases are \(known.sorted().joined(separator: ", "))")
            }
        }
        if documents.contains(where: { $0.needsPrograms(phases: selected) }) { try state.needPrograms() }
    }
}

extension ExecutionStatus {
    /// The status of what has parts with these.
    static func whole(_ parts: [ExecutionStatus]) -> ExecutionStatus {
        if parts.contains(.interrupted) { return .interrupted }
        if parts.contains(.failed) { return .failed }
        if parts.contains(.ignoredFailure) || parts.contains(.successWithIgnoredFailure) { return .successWithIgnoredFailure }
        return .success
    }
}
