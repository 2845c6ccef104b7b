import ImageStore
import Model
import Text

/// Runs the documents that a document calls.
final class CalledDocuments: DocumentCalls {
    private let caller: DocumentRun
    /// Of the last call.
    private(set) var report: ExecutionReport?

    init(caller: DocumentRun) { self.caller = caller }

    func call(_ call: DocumentCall) throws(Failure) -> ExecutionSummary {
        let depth = caller.callers.count + 2
        guard depth <= ComponentDocument.Limits.documentDepth else {
            throw Failure(
                .failed,
                "\(call.document) was not run: more than \(ComponentDocument.Limits.documentDepth) documents call each other")
        }
        let document = try ComponentDocument(parsing: try bytes(of: call), file: call.document)
        let callers = caller.callers + [caller.document.digest]
        guard !callers.contains(document.digest) else {
            throw Failure(.failed, "\(call.document) was not run: it calls itself, through \(Self.count(callers.count))")
        }
        let values = call.parameters.mapValues { ParameterValue($0, isSecret: caller.state.redactor.occurs(in: $0)) }
        let called = try DocumentRun(ComponentInvocation(document, parameters: values), callers: callers, state: caller.state)
        let run = try ComponentRun([called], state: caller.state)
        defer { report = run.currentReport }
        return try run.run(.byDocument(phases: call.phases)).summary()
    }

    private static func count(_ documents: Int) -> String { documents == 1 ? "one document" : "\(documents) documents" }

    /// A path is looked for in the image first, as on an instance.
    private func bytes(of call: DocumentCall) throws(Failure) -> [UInt8] {
        let context = caller.state.context
        if !call.document.hasPrefix("s3://"), !ARN.isMeant(by: call.document) {
            let path = try TreePath(parsing: call.document)
            if let bytes = try context.editor.read(path, limit: ComponentDocument.Limits.bytes) { return bytes }
        }
        return try context.documents.document(call, from: caller.document.file)
    }
}
