import Crypto
import Guest
import Model
import Pipeline
import Recipes
import YAML

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
        exceptions = fields.list("except").compactMap { value in
            guard let fields = value.fields() else { return nil }
            defer { fields.finish() }
            guard let rule = fields.string("rule"), let because = fields.required("because") else { return nil }
            guard let reason = because.node.text, reason.contains(where: { !$0.isWhitespace }) else {
                return because.fail("the exception of the rule '\(rule)' gives no reason")
            }
            return HardeningException(rule: rule, because: reason)
        }
        fields.finish()
        guard let profile else { return nil }
        self.profile = profile.description
    }

    package func inputs(_ context: InputContext) throws(Failure) -> [StageInput] {
        let (bytes, profile) = try read(context)
        try Hardening.verify(exceptions, against: profile)
        return [StageInput("profile \(self.profile)", SHA256.digest(of: bytes).hex)]
    }

    package func run(_ context: StageContext) throws(Failure) -> StageOutcome {
        let (bytes, profile) = try read(context.inputs)
        try ExternalFile.verify("profile \(self.profile)", SHA256.digest(of: bytes), context)
        let report = try Hardening.apply(profile, except: exceptions, to: context.editor)
        try context.checkCancellation()
        guard report.failures.isEmpty else { throw Self.failure(report) }
        return StageOutcome(report: try StageReport(summary: report.summary, of: report))
    }

    private func read(_ context: InputContext) throws(Failure) -> (bytes: [UInt8], profile: HardeningProfile) {
        let file = "\(context.profilesFolder)/\(profile).yaml"
        let bytes = try ExternalFile.read(file, what: "the hardening profile", limit: 4 << 20)
        return (bytes, try HardeningProfile(bytes, file: file))
    }

    private static func failure(_ report: HardeningReport) -> Failure {
        let lines = report.failures.map { "\($0.rule): \($0.after ?? $0.before)" }
        return Failure(
            .failed, "\(lines.count) of \(report.entries.count) hardening rules are not met: \(lines.joined(separator: " · "))",
            hint: "mend it in a stage before, or except the rule with a reason")
    }
}
