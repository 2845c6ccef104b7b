import Guest
import Model
import Pipeline
import Platform
import Recipes
import Text

/// `scrub`: takes out of the image what belongs to one machine, one person or one build.
///
///     - scrub
///     - scrub: {profile: standard, skip: [{operation: caches, because: the cache is warm on purpose}], allowPasswords: [rescue]}
///     - scrub:
///         operations:
///           - {id: agent-id, title: id of our agent, action: delete, paths: [/var/lib/agent/id], reason: instances would share it}
///
/// The detail of its report is a `ScrubReport`.
package struct ScrubStage: Stage {
    package static let name = "scrub"
    package static let summary = "Removes machine identity, keys, passwords, histories and credentials"
    package static let revision = 2
    package static let options = [
        OptionHelp("profile", "the list of operations: profiles/scrub-<profile>.yaml; standard unless said otherwise"),
        OptionHelp("skip", "operations that do not run, each as {operation: id, because: reason}"),
        OptionHelp("also", "optional operations of the profile that run nevertheless"),
        OptionHelp("allowPasswords", "accounts that keep their password"),
        OptionHelp("allow", "findings of the proof that are accepted, each as {path: path or pattern, rule: id, reason: text}"),
        OptionHelp("operations", "operations of the recipe's own, behind those of the profile, written as a profile writes them"),
    ]

    package let profile: String
    package let scrub: ScrubOptions
    /// The recipe's own operations.
    private let operations: [ScrubOperation]
    private let allowances: [SealDemand.Allowance]

    package init?(from reader: StageReader) {
        guard let fields = reader.fields() else { return nil }
        profile = fields.optionalString("profile") ?? "standard"
        if profile.contains("/") { fields.report("'profile' is a name and no path", at: "profile") }
        let skip = fields.list("skip").compactMap { Self.skip($0) }
        scrub = ScrubOptions(skip: skip, also: fields.strings("also"), allowPasswords: fields.strings("allowPasswords"))
        allowances = fields.list("allow").compactMap { Self.allowance($0) }
        operations = ScrubProfileReader.operations(fields.list("operations"), group: .recipe)
        fields.finish()
    }

    private static func skip(_ entry: ValueReader) -> ScrubOptions.Skip? {
        guard let fields = entry.fields() else { return nil }
        let operation = fields.string("operation")
        let because = fields.string("because")
        fields.finish()
        guard let operation, let because else { return nil }
        return ScrubOptions.Skip(operation: operation, because: because)
    }

    private static func allowance(_ entry: ValueReader) -> SealDemand.Allowance? {
        guard let fields = entry.fields() else { return nil }
        let path = fields.string("path")
        let rule = fields.string("rule")
        let reason = fields.string("reason")
        fields.finish()
        guard let path, let rule, let reason else { return nil }
        if !path.hasPrefix("/") { fields.report("'path' starts with '/'", at: "path") }
        for (value, key) in [(rule, "rule"), (reason, "reason")] where value.allSatisfy(\.isWhitespace) {
            fields.report("'\(key)' is empty", at: key)
        }
        return SealDemand.Allowance(path: path, rule: rule, reason: reason)
    }

    package func inputs(_ context: InputContext) throws(Failure) -> [StageInput] {
        let file = try ScrubProfileFile(profile, context)
        try check(try effective(file.profile))
        return [file.input]
    }

    /// A stage whose turn comes later is told before the first one runs.
    package func checkRequirements(_ context: InputContext) throws(Failure) { _ = try inputs(context) }

    /// The profile with the recipe's own operations behind its own.
    func effective(_ profile: ScrubProfile) throws(Failure) -> ScrubProfile {
        if let taken = operations.first(where: { profile.operation($0.id) != nil }) {
            throw Failure(
                .invalid, "the scrub profile '\(profile.name)' has an operation '\(taken.id)' already",
                hint: "give the recipe's own operation another id")
        }
        return profile.adding(operations)
    }

    /// The recipe may only name operations that the profile has.
    private func check(_ profile: ScrubProfile) throws(Failure) {
        let known = profile.operations.map(\.id)
        for id in scrub.skip.map(\.operation) + scrub.also where !known.contains(id) {
            throw Failure(
                .invalid, "the scrub profile '\(profile.name)' has no operation '\(id)'",
                hint: Suggestion.hint(for: id, among: known))
        }
    }

    package func sealDemand(_ context: InputContext) throws(Failure) -> SealDemand? {
        let profile = try effective(try ScrubProfileFile(profile, context).profile)
        let options = scrub
        return SealDemand(
            allowances: allowances, assertions: profile.operations.count { options.reasonToSkip($0) == nil },
            findings: { tree throws(Failure) in
                try ScrubVerifier(profile, options).findings(in: tree).map { "\($0.operation): \($0.message)" }
            })
    }

    package func run(_ context: StageContext) throws(Failure) -> StageOutcome {
        let file = try ScrubProfileFile(profile, context)
        let key: [UInt8]
        // The key goes with the run: the report's digests tell equal contents apart and nothing more.
        do throws(SystemError) { key = try context.environment.random(32) } catch {
            throw Failure(.io, "no key for the scrub report could be made", cause: error)
        }
        let report = try Scrubber(try effective(file.profile), scrub, evidenceKey: key).run(on: context.editor)
        if !report.failed.isEmpty { throw Self.failure(report) }
        return StageOutcome(report: try StageReport(summary: Self.summary(of: report), of: report))
    }

    private static func failure(_ report: ScrubReport) -> Failure {
        let reasons = report.failed.map { "\($0.id): \($0.reason ?? "it failed")" }
        return Failure(
            .failed,
            "\(Amount.count(reasons.count, "scrub operation")) failed: \(reasons.joined(separator: "; "))",
            hint: "solve it in a stage before scrub, or skip the operation with a reason")
    }

    private static func summary(of report: ScrubReport) -> String {
        let done = report.operations.count { $0.status == .done }
        let skipped = report.operations.count { $0.status == .skipped }
        let paths = "\(Amount.count(report.entries, "path")) removed, \(Amount.bytes(report.bytes))"
        return "\(done) of \(report.operations.count) operations found something; \(paths)"
            + (skipped == 0 ? "" : "; \(skipped) skipped")
    }
}
