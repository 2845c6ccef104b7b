import Cloud
import CommandLineKit
import Crypto
import Model
import Orchestration
import Pipeline
import Recipes
import Stages
import Text

enum PlanCommand: Command {
    static var specification: Specification {
        Specification(
            "plan", "Say which stages of a pipeline would run, and why, without running any",
            discussion: """
                Every document is checked and every input is read, so a plan that works is a build that starts. A parent image that is in another \
                region alone would be copied first; of one that would be built first it says so, and knows no more of the stages that follow.
                """,
            examples: [
                Example("ingot plan demo", "Plans pipelines/demo.yaml"),
                Example("ingot plan pipelines/web-nightly.yaml --output json", "Prints the plan as JSON"),
            ],
            parameters: [PipelineSelection.argument, OutputFormat.resultOption],
            exitStatuses: [ExitMeaning(69, "A stage that is to run could not run on this machine")], heading: Heading.build)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let selection = try PipelineSelection(arguments[PipelineSelection.argument], context)
        let workspace = try context.writer()
        let progress = BuildProgress(ProgressReport(context))
        let builder = Builder(
            workspace, documents: selection.documents, stages: StageRegistry.standard, watch: { progress.show($0) })
        let builtFirst = try builder.builtFirst(selection.pipeline)
        if !builtFirst.isEmpty { return try outline(selection, builder, builtFirst, arguments, in: context) }
        let (prepared, plan) = try progress.report.during {
            let prepared = try builder.prepare(selection.pipeline)
            return (prepared, try builder.plan(prepared))
        }
        let makesVersion = try builder.makesVersion(plan, of: prepared)
        let retirement = try Retirement(workspace, prepared.pipeline).plan()
        let document = PlanJSON(prepared, plan, makesVersion: makesVersion, retirement)
        try context.print(
            as: arguments[OutputFormat.resultOption], json: document,
            quiet: plan.stages.filter { if case .cached = $0.decision { false } else { true } }.map(\.entry.name).joined(
                separator: "\n"),
            text: { text(prepared, plan, makesVersion, retirement, context) })
        // What is cached needs nothing of the machine.
        if let first = plan.stages.first(where: { if case .cached = $0.decision { false } else { true } }) {
            try prepared.subject.checkRequirements(from: first.entry.position)
        }
        return .success
    }

    /// What can be said before the parent image is there.
    private static func outline(
        _ selection: PipelineSelection, _ builder: Builder, _ builtFirst: [Recipe], _ arguments: ParsedArguments,
        in context: CommandContext
    ) throws -> ExitStatus {
        let (pipeline, recipe) = (selection.pipeline, try selection.recipe(StageRegistry.standard))
        let outline = PlanJSON(pipeline, recipe, builtFirst)
        try context.print(
            as: arguments[OutputFormat.resultOption], json: outline,
            quiet: recipe.stages.map(\.name).joined(separator: "\n"),
            text: {
                let first = builtFirst.map { "\($0.name) would be built first, in \(pipeline.region): it is in no region\n" }
                return "\(pipeline.name): \(recipe.name) on \(recipe.parentImage), in \(pipeline.region)\n" + first.joined()
                    + "\(Amount.count(recipe.stages.count, "stage")) would follow\n"
            })
        for recipe in builtFirst + [recipe] { try builder.checkRequirements(of: recipe, in: pipeline.region) }
        return .success
    }

    private static func text(
        _ prepared: Builder.Prepared, _ plan: Plan, _ makesVersion: Bool, _ retirement: [Retirement.Step],
        _ context: CommandContext
    ) -> String {
        let width = plan.stages.map { DisplayWidth.of($0.entry.name) }.max() ?? 0
        var lines = [
            "\(prepared.pipeline.name): \(prepared.recipe.name) on \(prepared.parent.description), in \(prepared.pipeline.region)"
        ]
        if let parent = prepared.parent.image, parent.region != prepared.pipeline.region {
            lines.append("the parent image \(parent.id) would be copied from \(parent.region) first")
        }
        for stage in plan.stages { lines += self.lines(stage, width, context.console.outputTerminal) }
        lines.append(conclusion(plan, makesVersion))
        lines += prepared.pipeline.sharing.map { "shared in \($0.region) with \($0.grantees.joined(separator: ", "))" }
        lines += retirement.map { step in
            "\(step.action.rawValue) \(step.image.id) in \(step.image.region): \(step.reason)"
                + (step.objection.map { "; not done, since \($0)" } ?? "")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func lines(_ stage: PlannedStage, _ width: Int, _ terminal: Terminal) -> [String] {
        let name = DisplayWidth.pad(stage.entry.name, to: width)
        let indent = String(repeating: " ", count: width + 13)
        switch stage.decision {
        case .cached: return ["  \(terminal.styled("↷", .dim)) \(name)  cached   no input changed"]
        case .runs(let reasons):
            return reasons.enumerated().map { index, reason in
                index == 0 ? "  \(terminal.styled("•", .bold)) \(name)  runs     \(reason)" : indent + "  \(reason)"
            }
        case .follows(let blocker):
            return ["  \(terminal.styled("•", .bold)) \(name)  follows  it depends on what '\(blocker)' makes"]
        }
    }

    private static func conclusion(_ plan: Plan, _ makesVersion: Bool) -> String {
        let cached = plan.stages.count { if case .cached = $0.decision { true } else { false } }
        if cached == plan.stages.count {
            return "\(Amount.count(cached, "stage")) cached: a build would run none"
                + (makesVersion ? ", and make a new version of the same tree with other tags or properties" : "")
        }
        return "\(Amount.count(plan.stages.count - cached, "stage")) to run, \(cached) cached"
    }
}

/// `ingot plan --output json`.
struct PlanJSON: Encodable {
    let pipeline: String
    let recipe: String
    let region: String
    let parentImage: String
    /// The recipes that would be built first, the first of them first, since the parent image is in no region.
    let builtFirst: [String]
    /// Whether no stage would run.
    let isFullyCached: Bool
    /// Whether a build would make a version. A stage that runs may turn out to change nothing.
    let makesVersion: Bool
    /// The root digest that a fully cached build ends with.
    let result: String?
    let stages: [Stage]
    /// What becomes of old images, as they are now.
    let lifecycle: [Retired]
    let launchPermissions: [Sharing]

    struct Retired: Encodable {
        let imageId: String
        let region: String
        let version: String?
        /// `deprecate`, `disable` or `delete`.
        let action: String
        let reason: String
        /// Why it is not done nevertheless.
        let objection: String?
    }

    struct Sharing: Encodable {
        let region: String
        let grantees: [String]
    }

    struct Stage: Encodable {
        let name: String
        let stage: String
        /// `cached`, `runs`, or `follows`: it depends on the result of a stage that runs.
        let decision: String
        let reasons: [String]
    }

    /// Of a pipeline whose parent image would be built first.
    init(_ pipeline: PipelineDocument, _ recipe: Recipe, _ builtFirst: [Recipe]) {
        self.pipeline = pipeline.name.description
        self.recipe = recipe.name.description
        region = pipeline.region.description
        parentImage = recipe.parentImage.description
        self.builtFirst = builtFirst.map(\.name.description)
        isFullyCached = false
        makesVersion = true
        result = nil
        lifecycle = []
        launchPermissions = pipeline.sharing.map { Sharing(region: $0.region.description, grantees: $0.grantees) }
        stages = recipe.stages.map { entry in
            Stage(
                name: entry.name, stage: type(of: entry.stage).name, decision: "follows",
                reasons: ["it depends on the parent image, which would be built first"])
        }
    }

    init(_ prepared: Builder.Prepared, _ plan: Plan, makesVersion: Bool, _ retirement: [Retirement.Step]) {
        lifecycle = retirement.map { step in
            Retired(
                imageId: step.image.id.description, region: step.image.region.description,
                version: step.image.release?.version.description, action: step.action.rawValue, reason: step.reason,
                objection: step.objection)
        }
        launchPermissions = prepared.pipeline.sharing.map { Sharing(region: $0.region.description, grantees: $0.grantees) }
        self.makesVersion = makesVersion
        pipeline = prepared.pipeline.name.description
        recipe = prepared.recipe.name.description
        region = prepared.pipeline.region.description
        parentImage = prepared.parent.description
        builtFirst = []
        isFullyCached = plan.isFullyCached
        result = plan.result?.hex
        stages = plan.stages.map { planned in
            let (decision, reasons): (String, [String]) =
                switch planned.decision {
                case .cached: ("cached", [])
                case .runs(let reasons): ("runs", reasons)
                case .follows(let blocker): ("follows", ["it depends on what '\(blocker)' makes"])
                }
            return Stage(
                name: planned.entry.name, stage: type(of: planned.entry.stage).name, decision: decision, reasons: reasons)
        }
    }
}

extension PipelineDocument {
    /// With whom the images are shared, by region.
    fileprivate var sharing: [(region: RegionName, grantees: [String])] {
        let all = [(region, image.launchPermissions)] + distribution.map { ($0.region, $0.launchPermissions) }
        return all.filter { !$0.1.isEmpty }.map { region, permissions in (region, permissions.sorted().map(\.grantee)) }
    }
}
