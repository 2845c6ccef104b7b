import CommandLineKit
import Crypto
import Ledger
import Model
import Orchestration
import Text

enum BuildsCommand: Command {
    static let pipeline = Option<String?>("pipeline", value: "name", "Of this pipeline only", values: .dynamic("pipeline"))
    static let limit = Option<UInt>("limit", value: "count", "At most so many, the newest", default: 20)

    static var specification: Specification {
        Specification(
            "builds", "List what was built, when, and how it ended",
            examples: [Example("ingot builds --pipeline web-nightly --limit 5", "The last five builds of a pipeline")],
            parameters: [pipeline, limit, OutputFormat.option], heading: Heading.build)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let name = try arguments[pipeline].map { (text) throws(Failure) in try ResourceName(parsing: text) }
        let builds = try context.reader().ledger.builds(pipeline: name, limit: Int(clamping: arguments[limit]))
        try context.print(builds.map { BuildRow($0) }, as: arguments[OutputFormat.option], empty: "there are no builds yet")
        return .success
    }
}

/// One build in a list.
struct BuildRow: ListRow {
    let build: BuildRecord

    init(_ build: BuildRecord) { self.build = build }

    static let tableHeader: [Table.Column] = [
        Table.Column("BUILD", .trailing, canShrink: false), "PIPELINE", "STATE", Table.Column("STARTED", canShrink: false),
        Table.Column("TOOK", .trailing), "IMAGE OR ERROR",
    ]

    var tableRow: [String] {
        let took = build.finished.map { Amount.elapsed(seconds: $0.seconds - build.started.seconds) } ?? ""
        return [
            build.id.description, build.pipeline.description, build.state.rawValue, build.started.description, took,
            build.error ?? build.image?.description ?? "",
        ]
    }

    var quietValue: String { build.id.description }

    struct JSON: Encodable {
        let id: Int64
        let pipeline: String
        let recipe: String
        let number: Int
        let state: String
        let started: String
        let finished: String?
        let error: String?
        let imageId: String?
        let rootDigest: String?
    }

    var json: JSON {
        JSON(
            id: build.id.number, pipeline: build.pipeline.description, recipe: build.recipe.description, number: build.number,
            state: build.state.rawValue, started: build.started.description, finished: build.finished?.description,
            error: build.error, imageId: build.image?.description, rootDigest: build.root?.hex)
    }
}
