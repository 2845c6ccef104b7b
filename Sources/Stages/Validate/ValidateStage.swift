import Components
import Crypto
import Guest
import Model
import Pipeline
import Recipes

/// `validate`: asserts what the image must be, changes nothing, and fails with every assertion that does not hold. Where an earlier
/// stage scrubbed the image, it always asserts that nothing of what scrub removes is there. The phase `validate` of each component
/// before it runs too, on a copy that is thrown away.
///
///     - validate
///     - validate:
///         files: [{path: /etc/motd, mode: "0644", owner: root, contains: hello}, {path: /root/setup.sh, exists: false}]
///         packages: [{name: nginx, version: 1.22.1-9}]
///         users: [{name: www-data, shell: /usr/sbin/nologin, locked: true}]
package struct ValidateStage: Stage {
    package static let name = "validate"
    package static let summary =
        "Asserts files, packages and users, that nothing is left of what scrub removes, and what components validate"
    package static let revision = 2
    package static let options = [
        OptionHelp(
            "files", "each {path, exists, mode, owner, group, contains, sha256, symlinkTo}; what is left out is not asserted"),
        OptionHelp("packages", "each a name or {name, version}, installed by dpkg"),
        OptionHelp("users", "each a name or {name, uid, home, shell, locked}"),
    ]

    private let assertions: [any ImageAssertion]

    package init?(from reader: StageReader) {
        guard let fields = reader.fields() else { return nil }
        var assertions: [any ImageAssertion] = []
        assertions += fields.list("files").compactMap { FileAssertion($0) }
        assertions += fields.list("packages").compactMap { PackageAssertion($0) }
        assertions += fields.list("users").compactMap { UserAssertion($0) }
        self.assertions = assertions
        fields.finish()
    }

    /// Profiles of the scrubs before: what they name is asserted.
    package func inputs(_ context: InputContext) throws(Failure) -> [StageInput] {
        var inputs: [StageInput] = []
        for entry in context.earlier {
            guard let stage = entry.stage as? ScrubStage else { continue }
            let input = try ScrubProfileFile(stage.profile, context).input
            // What the scrub skipped is part of what is asserted here.
            inputs.append(input)
            inputs.append(StageInput("options of \(entry.name)", entry.definition.digest.hex))
        }
        for (entry, use) in components(context) {
            inputs += try use.inputs(in: context)
            inputs.append(StageInput("options of \(entry.name)", entry.definition.digest.hex))
        }
        return inputs
    }

    package func checkRequirements(_ context: InputContext) throws(Failure) {
        for (_, use) in components(context) where try use.document(in: context).startsPrograms(in: [Self.phase]) {
            return try context.services.checkPrograms()
        }
    }

    private static let phase = "validate"

    /// The components before this stage, with their entries.
    private func components(_ context: InputContext) -> [(StageEntry, ComponentUse)] {
        context.earlier.compactMap { entry in (entry.stage as? ComponentStage).map { (entry, $0.use) } }
    }

    /// Runs the components' phase. Gives how many have one; what changes in the tree does not come back.
    private func validateComponents(_ context: StageContext) throws(Failure) -> Int {
        var copy: StageContext?
        var count = 0
        for (entry, use) in components(context.inputs) {
            guard try use.document(in: context.inputs).phases.contains(where: { $0.name == Self.phase }) else { continue }
            let scratch: StageContext = if let copy { copy } else { try context.onScratch() }
            copy = scratch
            let chaining = context.earlierReports[entry.name].flatMap { ComponentReport(detail: $0.detail) }?.chaining ?? []
            let execution = try ComponentExecution(scratch, [use], name: "validate-\(use.reference)", chaining: chaining)
            _ = try execution.run(phase: Self.phase)
            count += 1
        }
        return count
    }

    package func run(_ context: StageContext) throws(Failure) -> StageOutcome {
        var problems: [String] = []
        for assertion in assertions { problems += try assertion.problems(in: context.editor) }
        var scrubs = 0
        for entry in context.inputs.earlier {
            guard let stage = entry.stage as? ScrubStage else { continue }
            scrubs += 1
            let profile = try stage.effective(try ScrubProfileFile(stage.profile, context).profile)
            let findings = try ScrubVerifier(profile, stage.scrub).findings(in: context.editor)
            problems += findings.map { "\(entry.name) \($0.operation): \($0.message)" }
        }
        guard problems.isEmpty else {
            throw Failure(
                .failed,
                "\(problems.count) assertion\(problems.count == 1 ? " does" : "s do") not hold: \(problems.joined(separator: "; "))"
            )
        }
        let validated = try validateComponents(context)
        var parts = ["\(assertions.count) assertion\(assertions.count == 1 ? " holds" : "s hold")"]
        if scrubs > 0 { parts.append("nothing is left of what scrub removes") }
        if validated > 0 { parts.append("\(validated) component\(validated == 1 ? "" : "s") validated") }
        return StageOutcome(report: StageReport(summary: parts.joined(separator: "; ")))
    }
}
