import Cloud
import Crypto
import Evidence
import ImageStore
import Ledger
import Model
import Orchestration
import Pipeline
import Recipes
import Secrets
import Vulnerabilities

/// `ingot build --output json`.
struct BuildJSON: Encodable {
    let build: BuildRow.JSON
    /// Whether nothing changed, so that `image` is the one that was there.
    let unchanged: Bool
    let image: ImageJSON
    let stages: [Stage]
    let copies: [Copy]
    let channel: String?
    /// What became of old images.
    let retired: [Retired]
    /// What was proven of a new image whose recipe has a scrub stage.
    let proof: Proof?
    /// What the pipeline's `scan` found.
    let packages: String?

    init(_ outcome: Builder.Outcome) {
        build = BuildRow(outcome.build).json
        unchanged = !outcome.sealed.isNew
        image = ImageJSON(outcome.sealed.image)
        stages = outcome.stages.map { Stage($0) }
        copies = outcome.copies.map { Copy($0) }
        channel = outcome.channel?.description
        retired = outcome.retired.map { Retired($0) }
        proof = outcome.proof.map { Proof($0) }
        packages = outcome.packages?.summary
    }

    struct Retired: Encodable {
        let imageId: String
        let region: String
        let action: String
        let reason: String

        init(_ step: Retirement.Step) {
            imageId = step.image.id.description
            region = step.image.region.description
            action = step.action.rawValue
            reason = step.reason
        }
    }

    struct Proof: Encodable {
        let files: Int
        let bytes: UInt64
        let rawImageBytes: UInt64
        let knownValues: Int
        let canariesPlanted: Int
        let canariesFound: Int
        let findings: Int
        let milliseconds: UInt64

        init(_ report: ProofReport) {
            files = report.detectors.coverage.files
            bytes = report.detectors.coverage.bytes
            rawImageBytes = report.rawImage.bytes
            knownValues = report.known.searched.count
            canariesPlanted = report.canaries.planted
            canariesFound = report.canaries.found
            findings = report.findings
            milliseconds = report.milliseconds
        }
    }

    struct Stage: Encodable {
        let name: String
        let stage: String
        let outcome: String
        let reasons: [String]
        let key: String
        let tree: String
        let summary: String
        let milliseconds: UInt64

        init(_ result: StageResult) {
            name = result.entry.name
            stage = type(of: result.entry.stage).name
            switch result.outcome {
            case .cached: (outcome, reasons) = ("cached", [])
            case .ran(let why): (outcome, reasons) = ("ran", why)
            }
            key = result.key.digest.hex
            tree = result.tree.hex
            summary = result.report.summary
            milliseconds = result.duration / 1_000_000
        }
    }

    struct Copy: Encodable {
        let region: String
        let imageId: String
        let isNew: Bool
        let movedBytes: UInt64

        init(_ copy: Distributor.Copy) {
            region = copy.image.region.description
            imageId = copy.image.id.description
            isNew = copy.isNew
            movedBytes = copy.moved.storedBytes
        }
    }
}
