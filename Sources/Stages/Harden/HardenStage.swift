import Crypto
import Guest
import ImageStore
import Model
import Pipeline
import Recipes

/// `harden: {profile: cis-debian-12-level-1, except: [{rule: tmp-noexec, because: build agents compile in /tmp}]}`
///
/// Its detail is a `HardeningReport`. A rule that is not met after its remedy fails the stage, and so does hardening that would break
/// the image: sshd, sudo, PAM and the units of the boot are read before and after it, and asked of the image's own programs.
package struct HardenStage: Stage {
    package static let name = "harden"
    package static let summary = "Checks the rules of a hardening profile, and remedies what is not met"
    package static let options = [
        OptionHelp("profile", "name of a file in the folder profiles, without .yaml"),
        OptionHelp("except", "rules to leave alone: a list of {rule, because}"),
        OptionHelp("unmet", "what a rule does that is not met after its remedy: fail (the default), or report"),
    ]
    package static let revision = 2

    package let profile: String
    package let exceptions: [HardeningException]
    package let unmet: Unmet

    /// What becomes of a rule that is not met after its remedy, such as one that asks for a package.
    package enum Unmet: String, Sendable, CaseIterable {
        case fail, report
    }

    package init?(from reader: StageReader) {
        guard let fields = reader.fields() else { return nil }
        let profile = fields.value("profile", ResourceName.self)
        exceptions = HardeningExceptions.read(fields)
        unmet = fields.oneOf("unmet", default: Unmet.fail)
        fields.finish()
        guard let profile else { return nil }
        self.profile = profile.description
    }

    package func inputs(_ context: InputContext) throws(Failure) -> [StageInput] {
        let file = try HardeningProfileFile(profile, folder: context.profilesFolder)
        try Hardening.verify(exceptions, against: file.profile)
        return file.inputs
    }

    /// A stage whose turn comes later is told before the first one runs.
    package func checkRequirements(_ context: InputContext) throws(Failure) { _ = try inputs(context) }

    package func run(_ context: StageContext) throws(Failure) -> StageOutcome {
        let file = try HardeningProfileFile(profile, folder: context.inputs.profilesFolder)
        for (name, digest) in file.digests { try ExternalFile.verify("profile \(name)", digest, context) }
        let start = try context.editor.finish()
        let before = try Soundness(of: context.editor)
        var report = try Hardening.apply(file.profile, except: exceptions, to: context.editor)
        try context.checkCancellation()
        guard report.failures.isEmpty || unmet == .report else { throw Self.failure(report) }
        let broken = try Soundness(of: context.editor).added(since: before)
        guard broken.isEmpty else { throw Self.failure(broken.map(\.description)) }
        report.checks =
            [HardeningReport.Check(name: "configuration", status: .passed, evidence: "sshd, sudo, PAM and units were read")]
            + (try checks(context, start: start))
        return StageOutcome(report: try StageReport(summary: report.summary, of: report))
    }

    /// What the image's own programs say. One that says no, and did not before hardening, fails the stage.
    private func checks(_ context: StageContext, start: Digest) throws(Failure) -> [HardeningReport.Check] {
        let programs = HardeningPrograms(context)
        let outcome = try programs.run(on: context.editor)
        if let why = outcome.notRun { return [HardeningReport.Check(name: "programs", status: .notRun, evidence: why)] }
        var checks = outcome.passed.map { HardeningReport.Check(name: $0, status: .passed, evidence: "its program says so") }
        if outcome.failed.isEmpty { return checks }
        let original = try programs.run(on: try TreeEditor(root: start, in: context.writer, date: context.date))
        let news = outcome.failed.filter { failed in !original.failed.contains { $0.name == failed.name } }
        guard news.isEmpty else { throw Self.failure(news.map { "\($0.name): \($0.output)" }) }
        checks += outcome.failed.map { HardeningReport.Check(name: $0.name, status: .failedBefore, evidence: $0.output) }
        return checks
    }

    private static func failure(_ broken: [String]) -> Failure {
        Failure(
            .failed, "hardening would break the image: \(broken.joined(separator: " · "))",
            hint: "except the rule that does it, with a reason")
    }

    private static func failure(_ report: HardeningReport) -> Failure {
        let lines = report.failures.map { "\($0.rule): \($0.after ?? $0.before)" }
        return Failure(
            .failed, "\(lines.count) of \(report.entries.count) hardening rules are not met: \(lines.joined(separator: " · "))",
            hint: "mend it in a stage before, except the rule with a reason, or let the stage go on with 'unmet: report'")
    }
}
