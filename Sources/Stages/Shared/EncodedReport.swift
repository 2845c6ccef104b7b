import Model
import Pipeline

extension StageReport {
    /// `report` is kept as JSON: the same report gives the same bytes.
    init(summary: String, of report: some Encodable) throws(Failure) {
        self.init(summary: summary, detail: try CanonicalJSON.text(of: report))
    }
}
