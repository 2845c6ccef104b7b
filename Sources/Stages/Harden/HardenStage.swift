import Guest
import Model
import Pipeline
import Recipes

/// `harden: {profile: cis-debian-12-level-1, except: [{rule: tmp-noexec, because: build agents compile in /tmp}]}`
///
/// Its detail is a `HardeningReport`. A rule that is not met after its remedy fails the stage.
package struct HardenStage: Stage {
    package static let name = "harden"
    package static let summary = "Checks the rules of a hardening profile, and remedies what is not met"
    package static let options = [
        OptionHelp("profile", "name of a file in the folder profiles, without .yaml"),
        OptionHelp("except", "rules to leave alone: a list of {rule, because}"),
    ]
    package static let revision = 1

    package let profile: String
    package let exceptions: [HardeningException]

    package init?(from reader: StageReader) {
        guard let fields = reader.fields() else { return nil }
        let profile = fields.value("profile", ResourceName.self)
        exceptions = HardeningExceptions.read(fields)
        fields.finish()
        guard let profile else { return nil }
        self.profile = profile.description
    }

    package func inputs(_ context: InputContext) throws(Failure) -> [StageInput] {
        let file = try HardeningProfileFile(profile, folder: context.profilesFolder)
        try Hardening.verify(exceptions, against: file.profile)
        return file.inputs
    }

    package func run(_ context: StageContext) throws(Failure) -> StageOutcome {
        let file = try HardeningProfileFile(profile, folder: context.inputs.profilesFolder)
        for (name, digest) in file.digests { try ExternalFile.verify("profile \(name)", digest, context) }
        let report = try Hardening.apply(file.profile, except: exceptions, to: context.editor)
        try context.checkCancellation()
        guard report.failures.isEmpty else { throw Self.failure(report) }
        return StageOutcome(report: try StageReport(summary: report.summary, of: report))
    }

    private static func failure(_ report: HardeningReport) -> Failure {
        let lines = report.failures.map { "\($0.rule): \($0.after ?? $0.before)" }
        return Failure(
            .failed, "\(lines.count) of \(report.entries.count) hardening rules are not met: \(lines.joined(separator: " · "))",
            hint: "mend it in a stage before, or except the rule with a reason")
    }
}
