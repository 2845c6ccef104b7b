/// The version of an image: `major.minor.patch`, and the number of the build that made it, as in Image Builder.
package struct ImageVersion: Comparable, TextValue {
    package let major: Int
    package let minor: Int
    package let patch: Int
    /// Counts from 1 within one `major.minor.patch`.
    package let build: Int

    /// The largest value of a node.
    package static let largestNode = 1 << 30 - 1

    /// Nil where a node is outside 0 to 2^30 - 1, or the build is less than 1.
    package init?(_ major: Int, _ minor: Int, _ patch: Int, build: Int) {
        let range = 0...Self.largestNode
        guard range.contains(major), range.contains(minor), range.contains(patch), range.contains(build), build > 0 else {
            return nil
        }
        self.major = major
        self.minor = minor
        self.patch = patch
        self.build = build
    }

    private init() { (major, minor, patch, build) = (1, 0, 0, 1) }

    /// `1.0.0/1`
    package static let initial = ImageVersion()

    /// Another build of the same version; nil where there is no such number.
    package func with(build: Int) -> ImageVersion? { ImageVersion(major, minor, patch, build: build) }

    /// `1.4.2`: the version without its build.
    package var semantic: String { "\(major).\(minor).\(patch)" }

    /// `1.4.2/3`
    package var description: String { "\(semantic)/\(build)" }

    /// Takes `1.4.2/3`.
    package init(parsing text: String) throws(Failure) {
        guard let nodes = VersionNodes(text), let build = nodes.build, !nodes.hasWildcard,
            let version = ImageVersion(nodes[0] ?? 0, nodes[1] ?? 0, nodes[2] ?? 0, build: build)
        else { throw .version(text, "an image version", example: "1.4.2/3") }
        self = version
    }

    /// Numerically, node by node, the build last.
    package static func < (a: ImageVersion, b: ImageVersion) -> Bool {
        (a.major, a.minor, a.patch, a.build) < (b.major, b.minor, b.patch, b.build)
    }

    /// Major, minor and patch.
    var nodes: [Int] { [major, minor, patch] }
}

/// `a.b.c` or `a.b.c/n`, where a, b and c are numbers or `x`.
struct VersionNodes: Hashable, Sendable {
    /// Nil stands for `x`.
    private let nodes: [Int?]
    let build: Int?

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let version = parts.first else { return nil }
        if parts.count == 2 {
            guard let build = Self.number(parts[1]), build > 0 else { return nil }
            self.build = build
        } else {
            build = nil
        }
        var nodes: [Int?] = []
        for part in version.split(separator: ".", omittingEmptySubsequences: false) {
            let number = Self.number(part)
            guard number != nil || part == "x" else { return nil }
            nodes.append(number)
        }
        guard nodes.count == 3 else { return nil }
        self.nodes = nodes
    }

    /// `x.x.x`
    static let any = VersionNodes(nodes: [nil, nil, nil], build: nil)

    private init(nodes: [Int?], build: Int?) {
        self.nodes = nodes
        self.build = build
    }

    init(_ version: ImageVersion) { self.init(nodes: version.nodes, build: version.build) }

    /// Leading zeros are read, as in a date (`2021.01.01`), and not printed.
    private static func number(_ text: Substring) -> Int? {
        decimal(text).flatMap { $0 <= ImageVersion.largestNode ? $0 : nil }
    }

    subscript(index: Int) -> Int? { nodes[index] }

    var hasWildcard: Bool { firstWildcard != nil }
    var firstWildcard: Int? { nodes.firstIndex(of: nil) }
    var wildcards: Int { nodes.count { $0 == nil } }

    /// Whether every numbered node left of `end` is that of `version`.
    func matches(_ version: ImageVersion, before end: Int = 3) -> Bool {
        zip(nodes, version.nodes).prefix(end).allSatisfy { $0 == nil || $0 == $1 }
    }

    var text: String {
        let version = nodes.map { $0.map(String.init) ?? "x" }.joined(separator: ".")
        return build.map { "\(version)/\($0)" } ?? version
    }
}

extension Failure {
    static func version(_ text: String, _ what: String, example: String) -> Failure {
        Failure(
            .invalid, "cannot read \"\(text)\" as \(what)",
            hint: "write three numbers of at most \(ImageVersion.largestNode), for example \(example)")
    }
}
