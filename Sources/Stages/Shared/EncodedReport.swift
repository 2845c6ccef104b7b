import FoundationEssentials
import Model
import Pipeline

extension StageReport {
    /// `report` is kept as JSON with sorted keys: the same report gives the same bytes.
    init(summary: String, of report: some Encodable) throws(Failure) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            self.init(summary: summary, detail: String(decoding: try encoder.encode(report), as: UTF8.self))
        } catch {
            throw Failure(.bug, "a stage's report could not be written as JSON", cause: error)
        }
    }
}
