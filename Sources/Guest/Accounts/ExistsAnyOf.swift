import ImageStore
import Model

extension TreeView {
    /// Whether one of the paths exists, links followed.
    package func exists(anyOf paths: [TreePath]) throws(Failure) -> Bool {
        for path in paths where try exists(path) { return true }
        return false
    }
}
