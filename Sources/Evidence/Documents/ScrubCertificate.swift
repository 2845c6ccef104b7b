import Guest
import Secrets
import Vulnerabilities

/// The predicate of a scrub certificate: what was taken out of an image, what was looked for in it afterwards, and what was found. No
/// value that was removed or searched for is in it.
package struct ScrubCertificate: Sendable, Encodable {
    package let image: Image
    package let recipe: Recipe
    /// From the beginning of the build to the signature, in UTC.
    package let startedOn: String
    package let finishedOn: String
    package let scrub: [Scrub]
    package let proof: Proof
    /// One entry for each `harden` stage.
    package let hardening: [Hardening]
    /// Empty where no stage updated packages.
    package let patches: [String]
    package let packages: Packages

    package struct Image: Sendable, Encodable {
        package let id: String
        package let name: String
        package let release: String
        package let region: String
        /// The SHA-256 of the image's root object.
        package let rootDigest: String

        package init(id: String, name: String, release: String, region: String, rootDigest: String) {
            self.id = id
            self.name = name
            self.release = release
            self.region = region
            self.rootDigest = rootDigest
        }
    }

    package struct Recipe: Sendable, Encodable {
        package let name: String
        /// The SHA-256 of the recipe's meaning: formatting and comments aside.
        package let digest: String

        package init(name: String, digest: String) {
            self.name = name
            self.digest = digest
        }
    }

    /// What one `scrub` stage did.
    package struct Scrub: Sendable, Encodable {
        package let profile: String
        package let operations: [Operation]
        package let warnings: [String]

        package struct Operation: Sendable, Encodable {
            package let id: String
            package let group: String
            package let action: String
            package let status: String
            /// Why it was skipped.
            package let reason: String?
            package let removed: [ScrubReport.Evidence]
            package let notes: [String]
        }

        package init(_ report: ScrubReport) {
            profile = report.profile
            warnings = report.warnings
            operations = report.operations.map { operation in
                Operation(
                    id: operation.id, group: operation.group.rawValue, action: operation.action.rawValue,
                    status: operation.status.rawValue, reason: operation.reason, removed: operation.removed,
                    notes: operation.notes)
            }
        }
    }

    /// What was looked for in what will be launched, and found.
    package struct Proof: Sendable, Encodable {
        package let coverage: SecretCoverage
        package let canaries: CanaryRecall
        /// None, or the image would not be there.
        package let findings: [SecretFinding]
        package let allowed: [AllowedSecret]
        package let unusedAllowances: [SecretAllowance]
        package let knownValues: ProofReport.KnownValues
        package let rawImage: ProofReport.RawImage
        package let assertedStates: Int
        package let brokenStates: [String]
        package let milliseconds: UInt64

        package init(_ report: ProofReport) {
            coverage = report.detectors.coverage
            canaries = report.canaries
            findings = report.detectors.findings
            allowed = report.detectors.allowed
            unusedAllowances = report.detectors.unusedAllowances
            knownValues = report.known
            rawImage = report.rawImage
            assertedStates = report.assertedStates
            brokenStates = report.brokenStates
            milliseconds = report.milliseconds
        }
    }

    /// What one `harden` stage left.
    package struct Hardening: Sendable, Encodable {
        package let profile: String
        /// How many rules have which status.
        package let counts: [String: Int]
        package let exceptions: [Exception]

        package struct Exception: Sendable, Encodable {
            package let rule: String
            package let because: String
        }

        package init(_ report: HardeningReport) {
            profile = report.profile
            counts = Dictionary(report.entries.map { ($0.status.rawValue, 1) }, uniquingKeysWith: +)
            exceptions = report.entries.compactMap { entry in
                entry.because.map { Exception(rule: entry.rule, because: $0) }
            }
        }
    }

    /// What is known of the packages: nothing, unless somebody asked.
    package struct Packages: Sendable, Encodable {
        /// `passed`, or `not-assessed` where no gate judged them. An image that does not pass is not there.
        package let result: String
        /// Why nothing is known.
        package let because: String?
        /// One for each gate, in the order in which they judged.
        package let verdicts: [PackageVerdict]

        package init(_ verdicts: [PackageVerdict]) {
            self.verdicts = verdicts
            result = verdicts.isEmpty ? "not-assessed" : "passed"
            because = verdicts.isEmpty ? "neither the recipe nor the pipeline has a `scan`" : nil
        }
    }

    package init(
        image: Image, recipe: Recipe, startedOn: String, finishedOn: String, scrub: [Scrub], proof: Proof,
        hardening: [Hardening], patches: [String], packages: Packages
    ) {
        self.image = image
        self.recipe = recipe
        self.startedOn = startedOn
        self.finishedOn = finishedOn
        self.scrub = scrub
        self.proof = proof
        self.hardening = hardening
        self.patches = patches
        self.packages = packages
    }
}
