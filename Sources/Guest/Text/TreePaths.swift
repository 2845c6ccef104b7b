import ImageStore
import Model

extension TreeView {
    /// Whether one of the paths exists, links followed.
    package func exists(anyOf paths: [TreePath]) throws(Failure) -> Bool {
        for path in paths where try exists(path) { return true }
        return false
    }
}

extension TreePath {
    /// A file name below this path.
    func appending(_ name: String) throws(Failure) -> TreePath {
        guard let name = Name(name) else { throw Failure(.invalid, "'\(name)' is no file name") }
        return appending(name)
    }
}
