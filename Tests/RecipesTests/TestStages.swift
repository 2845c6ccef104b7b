import Model
import Recipes
import YAML

/// Stages for tests: one with options, one without, one that takes a list.
struct CopyStage: StageDefinition {
    static let name = "copy"
    static let summary = "copies files"
    static let options = [OptionHelp("from", "a file of the recipe's folder"), OptionHelp("mode", "fast or safe")]
    static let revision = 1

    enum Mode: String, CaseIterable { case fast, safe }

    let from: String
    let mode: Mode
    let retries: Int?

    init?(from reader: StageReader) {
        guard let fields = reader.fields() else { return nil }
        let from = fields.string("from")
        mode = fields.oneOf("mode", default: Mode.safe)
        retries = fields.optionalInteger("retries", in: 0...9)
        fields.finish()
        guard let from else { return nil }
        self.from = reader.path(from)
    }
}

struct CheckStage: StageDefinition {
    static let name = "check"
    static let summary = "checks"
    static let options: [OptionHelp] = []
    static let revision = 3

    init?(from reader: StageReader) { reader.expectNoValue() }
}

struct RemoveStage: StageDefinition {
    static let name = "remove"
    static let summary = "removes paths"
    static let options: [OptionHelp] = []
    static let revision = 1

    let paths: [String]

    init?(from reader: StageReader) {
        guard let value = reader.value else {
            reader.report("the stage 'remove' needs a list of paths")
            return nil
        }
        paths = value.strings() ?? []
    }
}

let testStages: [any StageDefinition.Type] = [CopyStage.self, CheckStage.self, RemoveStage.self]

/// The text of the failure, or what was read.
func failure<Value>(_ body: () throws(Failure) -> Value) -> String {
    do throws(Failure) {
        return "no error, but \(try body())"
    } catch {
        return error.message
    }
}
