import Components
import FoundationEssentials
import Model
import Pipeline

/// The detail of the stages that run components.
package struct ComponentReport: Codable, Sendable {
    /// As `detailedoutput.json` has it.
    package var execution: ExecutionReport
    /// What later phases of the documents may refer to, in the order of the documents.
    package var chaining: [ChainingState]

    /// Nil where the text is something else.
    init?(detail: String) {
        guard let report = try? JSONDecoder().decode(ComponentReport.self, from: Data(detail.utf8)) else { return nil }
        self = report
    }

    init(execution: ExecutionReport, chaining: [ChainingState]) {
        self.execution = execution
        self.chaining = chaining
    }
}
