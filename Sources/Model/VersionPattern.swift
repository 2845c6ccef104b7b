/// The version that a recipe asks for: `1.4.2`, or with one `x` for the next number, `1.4.x`.
///
/// Written out, a version stays and its builds are counted: after `1.4.2/1` comes `1.4.2/2`. With an `x`, that node is one
/// more than the highest among the versions that have the same nodes left of it, and 0 where there is none; nodes right of
/// the `x` are as written; the build is 1. So `1.x.0` after 1.6.8 gives 1.7.0/1.
package struct VersionPattern: TextValue {
    private let nodes: VersionNodes

    package init(parsing text: String) throws(Failure) {
        guard let nodes = VersionNodes(text), nodes.build == nil else {
            throw .version(text, "a recipe's version", example: "1.4.2 or, for the next number, 1.4.x")
        }
        guard nodes.wildcards <= 1 else {
            throw Failure(
                .invalid, "the recipe version \(text) has more than one x",
                hint: "put x in the one place that is to count up, for example 1.4.x")
        }
        self.nodes = nodes
    }

    package var description: String { nodes.text }

    /// The versions that this has given out or would.
    package func matches(_ version: ImageVersion) -> Bool { nodes.matches(version) }

    /// The version of the next image, given all versions that were ever given out under the recipe's name, also deleted
    /// ones: a number is not used twice. `Failure(.exhausted)` where the highest number is taken.
    package func next(after existing: some Sequence<ImageVersion>) throws(Failure) -> ImageVersion {
        let next = nodes.firstWildcard.map { nextVersion(counting: $0, after: existing) } ?? nextBuild(after: existing)
        guard let next else {
            throw Failure(
                .exhausted, "the version \(self) has no next number: \(ImageVersion.largestNode) is taken",
                hint: "choose a higher number left of it in the recipe's version")
        }
        return next
    }

    private func nextVersion(counting index: Int, after existing: some Sequence<ImageVersion>) -> ImageVersion? {
        let highest = existing.filter { nodes.matches($0, before: index) }.map { $0.nodes[index] }.max()
        let next = highest.map { $0 + 1 } ?? 0
        return ImageVersion(nodes[0] ?? next, nodes[1] ?? next, nodes[2] ?? next, build: 1)
    }

    private func nextBuild(after existing: some Sequence<ImageVersion>) -> ImageVersion? {
        let highest = existing.filter { nodes.matches($0) }.map(\.build).max() ?? 0
        return ImageVersion(nodes[0] ?? 0, nodes[1] ?? 0, nodes[2] ?? 0, build: highest + 1)
    }
}
