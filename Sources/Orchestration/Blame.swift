import Cloud
import Crypto
import ImageStore
import Ledger
import Model

/// Says which stage of which build gave a path of an image its present form.
package struct Blame {
    /// Where a path's present form came from.
    package struct Origin: Sendable {
        package var path: TreePath
        package var node: Node
        /// The image whose build made it.
        package var image: ImageRecord?
        package var build: BuildID?
        /// The recipe's entry; nil where it came with an import.
        package var stage: String?
        /// The form before; nil where the stage created it.
        package var before: Node?
    }

    private let workspace: Workspace

    package init(_ workspace: Workspace) { self.workspace = workspace }

    /// The stage that last changed the path, looked for in the image's build and then in those of its parent images.
    package func origin(of path: TreePath, in image: ImageRecord) throws(Failure) -> Origin {
        let tree = try workspace.tree(of: image)
        let literal = try tree.resolve(path, followLast: false)
        guard let node = try tree.node(at: literal) else {
            throw Failure(.notFound, "\(path) does not exist in \(image.id)", hint: "list its folder with `ingot ls`")
        }
        var current = try original(of: image)
        while true {
            let store = try workspace.store(of: try workspace.plane.region(current.region))
            let parent = try parent(of: current)
            let build = try build(of: current)
            let steps = try build.map { (id) throws(Failure) in try workspace.ledger.steps(of: id) } ?? []
            var after = node
            for (index, step) in steps.enumerated().reversed() {
                let earlier = index > 0 ? steps[index - 1].tree : parent?.root
                let before = try earlier.flatMap { (root) throws(Failure) in try Tree(root, in: store).node(at: literal) }
                if !same(before, after) {
                    return Origin(path: literal, node: node, image: current, build: build, stage: step.entry, before: before)
                }
                after = before ?? after
            }
            guard let parent else {
                return Origin(path: literal, node: node, image: current, build: build, stage: nil, before: nil)
            }
            current = try original(of: parent)
        }
    }

    /// Directories differ for what they hold; here they are the same if they themselves are.
    private func same(_ a: Node?, _ b: Node) -> Bool {
        guard let a else { return false }
        return a == b || (a.isDirectory && b.isDirectory && a.metadata == b.metadata)
    }

    /// The image that a copy was made of, where it still is.
    private func original(of image: ImageRecord) throws(Failure) -> ImageRecord {
        var image = image
        while let source = image.source, let region = try? workspace.plane.region(source.region),
            let original = try? region.image(source.image)
        { image = original }
        return image
    }

    private func parent(of image: ImageRecord) throws(Failure) -> ImageRecord? {
        guard let id = image.parent else { return nil }
        return try workspace.plane.region(image.region).image(id)
    }

    /// The build that made the image, not one that confirmed it.
    private func build(of image: ImageRecord) throws(Failure) -> BuildID? {
        try workspace.ledger.builds().first { $0.image == image.id && $0.state == .succeeded }?.id
    }
}
