/// Which versions a reference means: `x.x.x`, `1.x.x`, `1.6.x`, `1.6.8` (its highest build) or `1.6.8/2`.
package struct VersionSelector: TextValue {
    private let nodes: VersionNodes

    /// `x.x.x`
    package static let any = VersionSelector(nodes: VersionNodes.any)

    private init(nodes: VersionNodes) { self.nodes = nodes }

    /// Exactly this version and build.
    package init(_ version: ImageVersion) { nodes = VersionNodes(version) }

    /// After the first `x` every node to the right must be `x`.
    package init(parsing text: String) throws(Failure) {
        guard let nodes = VersionNodes(text) else {
            throw .version(text, "a version to choose", example: "1.6.8, 1.6.8/2, 1.6.x or x.x.x")
        }
        if let first = nodes.firstWildcard {
            guard (first..<3).allSatisfy({ nodes[$0] == nil }) else {
                throw Failure(
                    .invalid, "the version \(text) has a number right of an x",
                    hint: "after the first x all nodes must be x, for example 1.x.x")
            }
            guard nodes.build == nil else {
                throw Failure(.invalid, "the version \(text) has a build number after an x", hint: "leave out the build number")
            }
        }
        self.nodes = nodes
    }

    package var description: String { nodes.text }

    package func matches(_ version: ImageVersion) -> Bool {
        nodes.matches(version) && (nodes.build == nil || nodes.build == version.build)
    }

    /// The highest version that matches.
    package func resolve(among versions: [ImageVersion]) -> ImageVersion? { versions.filter(matches).max() }
}
