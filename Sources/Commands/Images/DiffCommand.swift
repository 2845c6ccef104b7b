import Cloud
import CommandLineKit
import Guest
import ImageStore
import Model
import Orchestration
import Platform

enum DiffCommand: Command {
    static let old = Argument<String>("old", "An image", values: .dynamic("image"))
    static let new = Argument<String>("new", "The image to compare it with", values: .dynamic("image"))
    static let path = Argument<String?>("path", "Only what is at or below this path")
    static let stat = Flag("stat", "Only how much changed, by folder")
    static let semantic = Flag("semantic", "What the changes mean: accounts, services, settings, packages; then the other files")

    static var specification: Specification {
        Specification(
            "diff", "List what differs between two images",
            discussion: """
                Each line is a letter and a path: A added, D removed, M other content or kind, m only mode, owner, time or attributes, which are \
                named. Folders that are equal are not read, so the time follows the number of changes. With --semantic, each line is what a change \
                means for the system in the image, those first that matter for security; a file that only has another time is no change.
                """,
            examples: [
                Example("ingot diff web-server/1.4.1 web-server/1.4.2", "What a new version changed"),
                Example("ingot diff debian-12 web-server /etc", "What a build changed below a folder"),
                Example(
                    "ingot diff web-server/1.4.1 web-server/1.4.2 --semantic",
                    "Users, services, settings and packages that differ"),
            ],
            parameters: [old, new, path, stat, semantic, OutputFormat.resultOption], heading: Heading.images)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let workspace = try context.reader()
        let old = try context.image(arguments[old], in: workspace)
        let new = try context.image(arguments[new], in: workspace)
        if arguments[semantic] { return try compare(old, new, workspace, arguments, context) }
        let (oldTree, newTree) = (try workspace.tree(of: old), try workspace.tree(of: new))
        let places = try arguments[path].map { (word) throws(Failure) in
            try Self.places(of: word, (oldTree, old), (newTree, new))
        }
        var changes = try TreeDiff.changes(from: oldTree, to: newTree)
        if let places { changes.removeAll { change in !places.contains { change.path.isWithin($0) } } }
        context.keep(changes)
        try context.print(
            as: arguments[OutputFormat.resultOption], json: DiffJSON(old, new, changes),
            quiet: changes.map(\.path.escaped).joined(separator: "\n"),
            text: { arguments[stat] ? DiffText.statistics(changes, context.console.outputTerminal) : DiffText.list(changes) })
        return .success
    }

    /// Where the path leads in each of the images, links followed as `ls` does. It has to be in one of them.
    private static func places(
        of word: String, _ old: (tree: Tree, image: ImageRecord), _ new: (tree: Tree, image: ImageRecord)
    ) throws(Failure) -> Set<TreePath> {
        let path = try TreePath(parsing: word)
        var places: Set<TreePath> = []
        for tree in [old.tree, new.tree] {
            let place = try tree.resolve(path, followLast: word.hasSuffix("/"))
            if try tree.node(at: place) != nil { places.insert(place) }
        }
        if !places.isEmpty { return places }
        var failure = ImagePath.missing(path, in: new.tree, of: new.image)
        failure.message = "\(path) exists neither in \(old.image.id) nor in \(new.image.id)"
        throw failure
    }

    private static func compare(
        _ old: ImageRecord, _ new: ImageRecord, _ workspace: Workspace, _ arguments: ParsedArguments, _ context: CommandContext
    ) throws -> ExitStatus {
        guard arguments[path] == nil, !arguments[stat] else {
            throw Failure(.usage, "--semantic tells of whole images", hint: "leave out the path and --stat")
        }
        let difference = try SemanticDifference(
            from: try workspace.tree(of: old), to: try workspace.tree(of: new), now: context.environment.seconds)
        try context.print(
            as: arguments[OutputFormat.resultOption], json: SemanticJSON(old, new, difference),
            quiet: difference.changes.map { "\($0.category) \($0.subject)" }.joined(separator: "\n"),
            text: { SemanticText.text(difference, context.console.outputTerminal) })
        return .success
    }
}

/// `ingot diff --output json`.
struct DiffJSON: Encodable {
    let old: String
    let new: String
    let summary: DiffSummary
    let changes: [Change]

    struct Change: Encodable {
        let path: String
        /// `added`, `removed`, `modified` or `metadata`.
        let kind: String
        let before: NodeJSON?
        let after: NodeJSON?
    }

    init(_ old: ImageRecord, _ new: ImageRecord, _ changes: [TreeDiff.Change]) {
        self.old = old.id.description
        self.new = new.id.description
        summary = DiffSummary(changes)
        self.changes = changes.map { change in
            Change(
                path: change.path.escaped, kind: change.kind.rawValue, before: change.before.map { NodeJSON(change.path, $0) },
                after: change.after.map { NodeJSON(change.path, $0) })
        }
    }
}
