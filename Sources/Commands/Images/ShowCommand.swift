import Cloud
import CommandLineKit
import Crypto
import Ledger
import Model
import Orchestration

enum ShowCommand: Command {
    static let image = Argument<String>("image", "The image", values: .dynamic("image"))

    static var specification: Specification {
        Specification(
            "show", "Show one image: what it is, how it was built, where its copies are",
            examples: [
                Example("ingot show web-server", "The newest image of a recipe"),
                Example("ingot show us-west-2:web-server/1.4.x --output json", "The newest 1.4 in a region, as JSON"),
            ],
            parameters: [image, OutputFormat.resultOption], heading: Heading.images)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let workspace = try context.reader()
        let story = try ImageStory(try context.shownImage(arguments[image], in: workspace), workspace)
        try context.print(
            as: arguments[OutputFormat.resultOption], json: story.json, quiet: story.image.id.description,
            text: { story.lines(context).map { $0 + "\n" }.joined() })
        return .success
    }
}

/// An image with what the records tell about it.
struct ImageStory {
    let image: ImageRecord
    /// The build that made it.
    private let build: BuildRecord?
    private let steps: [StepRecord]
    private let copies: [ImageRecord]
    private let channels: [ChannelMove]
    private let missing: MissingWrites?

    init(_ image: ImageRecord, _ workspace: Workspace) throws(Failure) {
        self.image = image
        build = try workspace.ledger.builds().first { $0.image == image.id && $0.state == .succeeded }
        steps = try build.map { (build) throws(Failure) in try workspace.ledger.steps(of: build.id) } ?? []
        let source = ImageSource(region: image.region, image: image.id)
        var copies: [ImageRecord] = []
        for region in try workspace.plane.regions() where region != image.region {
            copies += try workspace.plane.region(region).images(ImageFilter(states: [.available, .disabled], source: source))
        }
        self.copies = copies
        channels = try workspace.ledger.channels().filter { $0.to.image == image.id }
        missing = try workspace.plane.region(image.region).missingWrites(of: image.id)
    }

    func lines(_ context: CommandContext) -> [String] {
        var facts = ImageFacts.identity(image)
        facts.insert(.init("state", image.state.rawValue + (image.failureReason.map { ": \($0)" } ?? "")), at: 3)
        if let source = image.source { facts.append(.init("copy of", "\(source.image) in \(source.region)")) }
        if let parent = image.parent { facts.append(.init("parent", parent.description)) }
        if let build {
            facts.append(.init("build", "\(build.id), of the pipeline \(build.pipeline), at \(build.started)"))
            facts.append(.init("stages", steps.map { "\($0.entry): \(Self.word($0.outcome)), \($0.reason)" }))
        }
        if let missing {
            let more = missing.count - missing.paths.count
            facts.append(.init("consistency", MissingWritesJSON.sentence(missing)))
            facts.append(.init("missing", missing.paths + (more > 0 ? ["and \(more) more"] : [])))
        }
        facts.append(.init("copies", copies.map { "\($0.region): \($0.id)" }))
        facts.append(.init("channels", channels.map { "\($0.channel) since \($0.at)" }))
        return FactList(facts.filter { !$0.values.isEmpty }).lines(context.console.outputTerminal)
    }

    /// A step of the ledger in the words of a build: `cached` for a checkpoint that was there.
    private static func word(_ outcome: StepRecord.Outcome) -> String { outcome == .hit ? "cached" : outcome.rawValue }

    struct JSON: Encodable {
        let image: ImageJSON
        let build: BuildRow.JSON?
        let stages: [Stage]
        let copies: [ImageJSON]
        let channels: [String]
        let missingWrites: MissingWritesJSON?

        struct Stage: Encodable {
            let name: String
            let outcome: String
            let reason: String
            let tree: String?
            let milliseconds: Int64
        }
    }

    var json: JSON {
        JSON(
            image: ImageJSON(image), build: build.map { BuildRow($0).json },
            stages: steps.map {
                JSON.Stage(
                    name: $0.entry, outcome: Self.word($0.outcome), reason: $0.reason, tree: $0.tree?.hex,
                    milliseconds: $0.duration / 1_000_000)
            },
            copies: copies.map { ImageJSON($0) }, channels: channels.map(\.channel.description),
            missingWrites: missing.map { MissingWritesJSON($0) })
    }
}
