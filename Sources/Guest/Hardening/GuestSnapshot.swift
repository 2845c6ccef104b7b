import Crypto
import ImageStore
import Model

/// A tree that nobody changes, with what was read from it once.
///
/// The checks of a profile look at the same few files again and again. Folders, paths and files are kept here, and so is what costs
/// more than reading: a sweep over the whole tree, a package database.
package final class GuestSnapshot: TreeView {
    package let objects: any ObjectReader
    private let base: any TreeView
    private var nodes: [TreePath: Node?] = [:]
    private var folders: [TreePath: [(name: Name, node: Node)]?] = [:]
    private var facts: [ObjectIdentifier: Any] = [:]

    package init(_ base: any TreeView) {
        self.base = base
        objects = RememberedObjects(base.objects)
    }

    package func node(at path: TreePath) throws(Failure) -> Node? {
        if let known = nodes[path] { return known }
        let node = try base.node(at: path)
        nodes[path] = .some(node)
        return node
    }

    package func children(of path: TreePath) throws(Failure) -> [(name: Name, node: Node)]? {
        if let known = folders[path] { return known }
        let children = try base.children(of: path)
        folders[path] = .some(children)
        return children
    }

    /// The one value of a type, made where it is asked for first.
    fileprivate func fact<Value>(_ make: () throws(Failure) -> Value) throws(Failure) -> Value {
        // Looked up first and cast then: a cast of a missing entry would give an optional value as its nil.
        if let fact = facts[ObjectIdentifier(Value.self)], let known = fact as? Value { return known }
        let value = try make()
        facts[ObjectIdentifier(Value.self)] = value
        return value
    }
}

extension TreeView {
    /// A value that follows from the tree alone; of a snapshot it is made once, of a tree that may change each time.
    func fact<Value>(_ make: (any TreeView) throws(Failure) -> Value) throws(Failure) -> Value {
        guard let snapshot = self as? GuestSnapshot else { return try make(self) }
        return try snapshot.fact { () throws(Failure) in try make(snapshot) }
    }
}
