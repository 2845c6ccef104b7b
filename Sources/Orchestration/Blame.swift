import Cloud
import Crypto
import ImageStore
import Ledger
import Model
import Pipeline

/// Says which stage of which build gave a path of an image its present form.
package struct Blame {
    /// Where a path's present form came from.
    package struct Origin: Sendable {
        package var path: TreePath
        package var node: Node
        /// The image whose build made it.
        package var image: ImageRecord?
        package var build: BuildID?
        /// The recipe's entry; nil where it came with an import. Several, joined by ` or `, where what was between them was collected.
        package var stage: String?
        /// The form before; nil where the stage created it.
        package var before: Node?
    }

    private let workspace: Workspace

    package init(_ workspace: Workspace) { self.workspace = workspace }

    /// The stage that last changed the path, looked for in the image's build and then in those of its parent images. Links on the way to
    /// the path are followed; a link at its end is itself what is asked about.
    package func origin(of path: TreePath, in image: ImageRecord) throws(Failure) -> Origin {
        let tree = try workspace.tree(of: image)
        let literal = try tree.resolve(path, followLast: false)
        guard let node = try tree.node(at: literal) else {
            throw Failure(.notFound, "\(path) does not exist in \(image.id)", hint: "list its folder with `ingot ls`")
        }
        var current = try original(of: image)
        while true {
            let parent = try parent(of: current)
            let build = try build(of: current)
            if let change = try lastChange(of: literal, node, build, current, parent) {
                return Origin(path: literal, node: node, image: current, build: build, stage: change.stage, before: change.before)
            }
            guard let parent else {
                return Origin(path: literal, node: node, image: current, build: build, stage: nil, before: nil)
            }
            current = try original(of: parent)
        }
    }

    private struct Change {
        var stage: String
        var before: Node?
    }

    /// The last of a build's stages after which the path is as in the image, and was not before. Where the tree before a stage was
    /// collected, the change is looked for across it.
    private func lastChange(
        of path: TreePath, _ node: Node, _ build: BuildID?, _ image: ImageRecord, _ parent: ImageRecord?
    ) throws(Failure) -> Change? {
        guard let build else { return nil }
        let store = try workspace.contents(of: image)
        let steps = try workspace.ledger.steps(of: build)
        var candidates: [String] = []
        for (index, step) in steps.enumerated().reversed() {
            candidates.append(step.entry)
            let start = index > 0 ? steps[index - 1].tree : try root(of: parent, or: step)
            // A recipe from scratch starts with nothing.
            let before: Node?
            if let start {
                // The parent's tree is where the parent is, also where its key cannot be used now.
                let elsewhere = parent.flatMap { try? workspace.contents(of: $0) }
                let place = index > 0 || store.contains(start) ? store : elsewhere ?? store
                guard place.contains(start) else { continue }
                before = try Tree(start, in: place).node(at: path)
            } else {
                before = nil
            }
            if !same(before, node) { return Change(stage: candidates.reversed().joined(separator: " or "), before: before) }
            candidates = []
        }
        return candidates.isEmpty ? nil : Change(stage: candidates.reversed().joined(separator: " or "), before: nil)
    }

    /// The tree that a build's first stage started from: the parent image's or, where that was a file, what was imported; nil for
    /// scratch.
    private func root(of parent: ImageRecord?, or step: StepRecord) throws(Failure) -> Digest? {
        if let root = parent?.root { return root }
        guard let key = step.key, let record = try workspace.ledger.checkpoint(for: key) else { return nil }
        let stage = try LedgerCheckpoints.decode(record).key
        let start = Digest(hex: stage.parent)
        return start == TreeEditor.emptyRoot(date: stage.date) ? nil : start
    }

    /// Directories differ for what they hold; here they are the same if they themselves are.
    private func same(_ a: Node?, _ b: Node) -> Bool {
        guard let a else { return false }
        return a == b || (a.isDirectory && b.isDirectory && a.metadata == b.metadata)
    }

    /// The image that a copy was made of, where its region still is.
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
