import FoundationEssentials
import Model

/// A stage's report as JSON with sorted keys.
enum ReportText {
    static func json(_ report: some Encodable) throws(Failure) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(report), as: UTF8.self)
        } catch {
            throw Failure(.bug, "a stage's report could not be written as JSON", cause: error)
        }
    }
}
