import Cloud
import Crypto
import Guest
import Model

/// `ingot audit --output json`.
struct AuditJSON: Encodable {
    let image: String
    /// `web-server/1.4.2/1`, or the AMI's name.
    let name: String
    let rootDigest: String?
    let profile: String
    let title: String
    /// Percent, with one decimal; left out where no rule counts.
    let score: Double?
    let summary: Summary
    let rules: [AuditReport.Entry]

    /// How many rules of the whole profile have a status, whichever of them are shown.
    struct Summary: Encodable {
        let fail: Int
        let error: Int
        let pass: Int
        let excepted: Int
        let notApplicable: Int
        let notDecidable: Int
    }

    init(_ image: ImageRecord, _ report: AuditReport, _ shown: [AuditReport.Entry]) {
        self.image = image.id.description
        name = image.release?.description ?? image.name.description
        rootDigest = image.root?.hex
        profile = report.profile
        title = report.title
        score = report.score.map { ($0 * 10).rounded(.down) / 10 }
        summary = Summary(
            fail: report.count(.fail), error: report.count(.error), pass: report.count(.pass), excepted: report.count(.excepted),
            notApplicable: report.count(.notApplicable), notDecidable: report.count(.notDecidable))
        rules = shown
    }
}
