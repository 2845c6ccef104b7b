import Cloud
import CommandLineKit
import ImageStore
import Model
import Orchestration

enum PrintFileCommand: Command {
    static let image = Argument<String>("image", "The image", values: .dynamic("image"))
    static let path = Argument<String>("path", "A file in it; links are followed")

    static var specification: Specification {
        Specification(
            "cat", "Print a file of an image, byte by byte",
            examples: [Example("ingot cat web-server /etc/ssh/sshd_config", "Prints a file")],
            parameters: [image, path], heading: Heading.images)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let workspace = try context.reader()
        let image = try context.image(arguments[image], in: workspace)
        let tree = try workspace.tree(of: image)
        let path = try TreePath(parsing: arguments[path])
        guard let node = try tree.resolvedNode(path) else {
            throw ImagePath.missing(try tree.resolve(path), in: tree, of: image)
        }
        guard let content = node.content else {
            throw Failure(
                .invalid, "\(path) in \(image.id) is not a regular file, it is a \(NodeText.type(node.kind))",
                hint: node.isDirectory ? "list it with `ingot ls`" : nil)
        }
        try write(content, from: tree.objects, to: context.console.output)
        return .success
    }

    /// Part by part, so that memory does not grow with the file. Holes come out as zeros.
    private static func write(_ content: FileContent, from objects: any ObjectReader, to output: any OutputStream) throws {
        for extent in try content.extents(from: objects) {
            if let bytes = try extent.data(from: objects) {
                try output.write(bytes: bytes.span)
                continue
            }
            var left = extent.length
            while left > 0 {
                let count = min(left, UInt64(zeros.count))
                try output.write(bytes: zeros.span.extracting(0..<Int(count)))
                left -= count
            }
        }
    }

    private static let zeros = [UInt8](repeating: 0, count: 1 << 16)
}
