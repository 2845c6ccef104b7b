import Crypto
import ImageStore
import Model
import Pipeline
import Recipes

/// Runs on the sealed image; fails where the image has the file `/fails`.
struct ProbeTestStage: Stage {
    static let name = "test"
    static let summary = "Fails where /fails exists"
    static let options: [OptionHelp] = []
    static let revision = 1
    static let subject = StageSubject.sealedImage

    init?(from reader: StageReader) { reader.fields()?.finish() }

    func inputs(_ context: InputContext) -> [StageInput] { [] }

    func run(_ context: StageContext) throws(Failure) -> StageOutcome {
        if try context.editor.exists(try TreePath(parsing: "/fails")) { throw Failure(.failed, "the file /fails is there") }
        try context.editor.write("changed by the test", to: try TreePath(parsing: "/test-was-here"))
        return StageOutcome(report: StageReport(summary: "passed"))
    }
}

/// Writes what it is told, step by step, each with a checkpoint. Was given a secret, if `secret` names one. Fails at the step `fails`.
struct ProbeStepStage: Stage {
    static let name = "steps"
    static let summary = "Writes files, each as a step"
    static let options = [
        OptionHelp("write", "texts by path"), OptionHelp("secret", "a reference"), OptionHelp("fails", "a path"),
    ]
    static let revision = 1

    private let files: [String: String]
    private let secret: SecretReference?
    private let fails: String?

    init?(from reader: StageReader) {
        guard let fields = reader.fields() else { return nil }
        files = fields.stringMap("write")
        secret = fields.optionalValue("secret", SecretReference.self)
        fails = fields.optionalString("fails")
        fields.finish()
    }

    func inputs(_ context: InputContext) -> [StageInput] { [] }

    func run(_ context: StageContext) throws(Failure) -> StageOutcome {
        var ran: [String] = []
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            if path == fails { throw Failure(.failed, "the step \(path) failed") }
            let key = SHA256.digest(of: Array("\(try context.editor.finish()) \(path) \(text)".utf8))
            if try context.steps.step(key) == nil { ran.append(path) }
            try context.editor.write(text, to: try TreePath(parsing: path))
            try context.steps.record(StepCheckpoint(key: key, tree: try context.editor.finish(), result: ""))
        }
        let summary = "ran \(ran.joined(separator: " "))"
        return StageOutcome(report: StageReport(summary: summary, secrets: secret.map { [SecretUse($0, step: "build.one")] }))
    }
}
