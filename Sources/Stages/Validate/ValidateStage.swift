import Crypto
import Guest
import Model
import Pipeline
import Recipes

/// `validate`: asserts what the image must be, changes nothing, and fails with every assertion that does not hold. Where an earlier
/// stage scrubbed the image, it always asserts that nothing of what scrub removes is there.
///
///     - validate
///     - validate:
///         files: [{path: /etc/motd, mode: "0644", owner: root, contains: hello}, {path: /root/setup.sh, exists: false}]
///         packages: [{name: nginx, version: 1.22.1-9}]
///         users: [{name: www-data, shell: /usr/sbin/nologin, locked: true}]
package struct ValidateStage: Stage {
    package static let name = "validate"
    package static let summary = "Asserts files, packages and users, and that nothing is left of what scrub removes"
    package static let revision = 1
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
        return inputs
    }

    package func run(_ context: StageContext) throws(Failure) -> StageOutcome {
        var problems: [String] = []
        for assertion in assertions { problems += try assertion.problems(in: context.editor) }
        var scrubs = 0
        for entry in context.inputs.earlier {
            guard let stage = entry.stage as? ScrubStage else { continue }
            scrubs += 1
            let profile = try ScrubProfileFile(stage.profile, context).profile
            let findings = try ScrubVerifier(profile, stage.scrub).findings(in: context.editor)
            problems += findings.map { "\(entry.name) \($0.operation): \($0.message)" }
        }
        guard problems.isEmpty else {
            throw Failure(
                .failed,
                "\(problems.count) assertion\(problems.count == 1 ? " does" : "s do") not hold: \(problems.joined(separator: "; "))"
            )
        }
        let summary = "\(assertions.count) assertions hold" + (scrubs == 0 ? "" : "; nothing is left of what scrub removes")
        return StageOutcome(report: StageReport(summary: summary))
    }
}
