import Cloud
import ImageStore
import Model
import Text

/// Paths in images as a command line names them.
enum ImagePath {
    /// The error for a path that does not exist, with the name in the same folder that is nearest to it.
    static func missing(_ path: TreePath, in tree: Tree, of image: ImageRecord) -> Failure {
        let siblings = ((try? tree.children(of: path.parent)) ?? nil)?.map(\.name.description) ?? []
        let near = path.last.flatMap { Suggestion.nearest(to: $0.description, among: siblings) }
        let hint = near.map { "did you mean '\(TreePath(path.parent.names).isRoot ? "" : path.parent.description)/\($0)'?" }
        return Failure(.notFound, "\(path) does not exist in \(image.id)", hint: hint ?? "list its folder with `ingot ls`")
    }
}
