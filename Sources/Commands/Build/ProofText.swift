import Evidence
import Secrets
import Text

/// What a proof saw, for people.
enum ProofText {
    /// `3,214 files (62.1 MB) and 71.3 MB of the raw image searched for 14 removed values; canaries 31/31; findings 0`
    static func line(_ proof: ProofReport) -> String {
        let coverage = proof.detectors.coverage
        let values = Amount.count(proof.known.searched.count, "value")
        return "\(Amount.count(coverage.files, "file")) (\(Amount.bytes(coverage.bytes))) searched; "
            + "\(values) that must not be there searched in \(Amount.bytes(proof.rawImage.bytes)) of raw image; "
            + "canaries \(proof.canaries.found)/\(proof.canaries.planted); findings \(proof.findings)"
    }
}
