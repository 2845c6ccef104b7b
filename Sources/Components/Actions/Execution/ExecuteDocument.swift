import Model

/// Runs another document on the same tree.
package enum ExecuteDocument: Action {
    package static let name = "ExecuteDocument"
    package static let summary = "runs another component document on the same tree"
    package static let inputs = InputForm.fields([
        InputField("document", .text, required: true, "a path in the image, an s3:// address, or a component's ARN"),
        InputField("document-s3-bucket-owner", .text, "the account that must own the bucket"),
        InputField("phases", .text, "phases to run, with commas between them; all where it is left out"),
        InputField(
            "parameters",
            .records([
                InputField("name", .text, required: true, "the parameter's name"),
                InputField("value", .text, required: true, "its value"),
            ]), "values for the document's parameters"),
    ])
    package static let outputs = [
        "executedStepCount", "executionId", "failedStepCount", "failureMessage", "ignoredFailedStepCount", "logUrl", "status",
    ]
    package static let timing = ActionTiming.fixed

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        guard let documents = context.documents else { throw Failure(.bug, "ExecuteDocument was run without an engine") }
        let phases = try inputs.optionalText("phases")?.split(separator: ",").map { part in
            String(part.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        }
        let call = DocumentCall(
            try inputs.text("document"), bucketOwner: try inputs.optionalText("document-s3-bucket-owner"),
            phases: phases.flatMap { $0.isEmpty ? nil : $0 }, parameters: try parameters(inputs))
        let summary = try documents.call(call)
        guard summary.status.isSuccess else {
            throw Failure(.failed, "the document \(call.document) failed: \(summary.failureMessage)")
        }
        return ActionResult([
            "executedStepCount": String(summary.executedStepCount), "executionId": summary.executionId,
            "failedStepCount": String(summary.failedStepCount), "failureMessage": summary.failureMessage,
            "ignoredFailedStepCount": String(summary.ignoredFailedStepCount), "logUrl": summary.logUrl,
            "status": summary.status.rawValue,
        ])
    }

    private static func parameters(_ inputs: ActionInputs) throws(Failure) -> [String: String] {
        guard case .list(let records)? = inputs.fields["parameters"] else { return [:] }
        var values: [String: String] = [:]
        for case .map(let record) in records {
            let fields = ActionInputs(record)
            let name = try fields.text("name")
            guard values[name] == nil else { throw Failure(.invalid, "the parameter '\(name)' is given twice") }
            values[name] = try fields.text("value")
        }
        return values
    }
}
