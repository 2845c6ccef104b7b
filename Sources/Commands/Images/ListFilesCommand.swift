import CommandLineKit
import Guest
import ImageStore
import Model
import Orchestration

enum ListFilesCommand: Command {
    static let image = Argument<String>("image", "The image", values: .dynamic("image"))
    static let path = Argument<String>("path", "A folder or file in it", default: "/")
    static let recursive = Flag("recursive", short: "R", "Also all that is below")

    static var specification: Specification {
        Specification(
            "ls", "List the files of an image",
            discussion: """
                Owners are numbers and times are UTC. A + behind the mode stands for extended attributes. A symbolic link is shown, not followed, \
                unless its path ends in a slash.
                """,
            examples: [
                Example("ingot ls web-server /etc/ssh", "Lists a folder"),
                Example("ingot ls web-server / --recursive --output quiet", "Every path of an image"),
            ],
            parameters: [image, path, recursive, OutputFormat.option], heading: Heading.images)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let workspace = try context.reader()
        let image = try context.image(arguments[image], in: workspace)
        let tree = try workspace.tree(of: image)
        let word = arguments[path]
        let path = try tree.resolve(try TreePath(parsing: word), followLast: word.hasSuffix("/"))
        guard let node = try tree.node(at: path) else { throw ImagePath.missing(path, in: tree, of: image) }
        var rows: [FileRow] = []
        if !node.isDirectory {
            rows.append(try FileRow(path, node, tree))
        } else if arguments[recursive] {
            try tree.walk(from: path) { (path, node) throws(Failure) in
                rows.append(try FileRow(path, node, tree))
                return true
            }
        } else {
            for (name, node) in try tree.children(of: path) ?? [] {
                rows.append(try FileRow(path.appending(name), node, tree, shown: TreePath([name])))
            }
        }
        try context.print(rows, as: arguments[OutputFormat.option], empty: "\(path) is empty")
        return .success
    }
}

/// One file in a list.
struct FileRow: ListRow {
    let path: TreePath
    let node: Node
    /// The file that a hard link is another name of.
    let file: Node?
    /// The path as the table shows it.
    let shown: String

    init(_ path: TreePath, _ node: Node, _ tree: Tree, shown: TreePath? = nil) throws(Failure) {
        self.path = path
        self.node = node
        self.shown = shown.map { String($0.escaped.dropFirst()) } ?? path.escaped
        if case .hardLink(let target) = node.kind { file = try tree.node(at: target) } else { file = nil }
    }

    static let tableHeader: [Table.Column] = [
        Table.Column("MODE", canShrink: false), Table.Column("LINKS", .trailing), Table.Column("UID", .trailing),
        Table.Column("GID", .trailing), Table.Column("SIZE", .trailing), Table.Column("MODIFIED", canShrink: false), "NAME",
    ]

    var tableRow: [String] {
        let json = json
        let target = json.linkTarget.map { " -> \($0)" } ?? ""
        return [
            NodeText.mode(node), String(json.links ?? 1), String(json.uid), String(json.gid),
            json.device ?? json.size.map { String($0) } ?? "", String(json.modified.prefix(19)) + "Z", shown + target,
        ]
    }

    var quietValue: String { path.escaped }
    var json: NodeJSON { NodeJSON(path, node, file: file) }
}
