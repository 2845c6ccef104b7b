import ImageStore
import Model

/// Something that a scrub should have taken out, and that is there.
package struct ScrubFinding: Hashable, Sendable, Codable {
    /// The operation's id.
    package let operation: String
    /// What is wrong, and where.
    package let message: String
}

/// What a tree must look like after an operation. It only looks; how the operation works is not its business.
package protocol ScrubAssertion: Sendable {
    /// The name of the `ScrubKind` whose result this asserts.
    static var name: String { get }
    func check(_ look: ScrubLook) throws(Failure)
}

/// Asserts on a tree that nothing is there which a scrub removes.
///
/// It shares with `Scrubber` the profile, the meaning of patterns, and the readers of accounts, packages and os-release. Else it goes its
/// own way: it visits every path of the image instead of searching, finds homes by itself, reads sshd's configuration and password fields by other
/// readers, and has its own idea of the state that each operation must leave. A mistake there in one of the two shows in the other.
package struct ScrubVerifier {
    package static let assertions: [any ScrubAssertion] = [
        AssertAbsent(), AssertEmpty(), AssertContent(), AssertNoLines(), AssertNothingToCheck(),
        AssertMachineID(), AssertDBusMachineID(), AssertHosts(), AssertNoOwnResolver(), AssertBootEntries(),
        AssertISCSIInitiator(),
        AssertHostKeys(), AssertAuthorizedKeys(), AssertRootLocked(), AssertPasswordsLocked(), AssertGroupsLocked(),
        AssertAccountsAbsent(),
        AssertLogsEmpty(), AssertNoExampleCertificate(), AssertNoCoreFiles(), AssertNoSwapFiles(), AssertNoUserAttributes(),
    ]

    private let profile: ScrubProfile
    private let options: ScrubOptions

    /// `options` are those of the scrub: what it skipped is not asserted.
    package init(_ profile: ScrubProfile, _ options: ScrubOptions = ScrubOptions()) {
        self.profile = profile
        self.options = options
    }

    /// All findings, in the order of the profile.
    package func findings(in view: any TreeView) throws(Failure) -> [ScrubFinding] {
        let operations = profile.operations.filter { options.reasonToSkip($0) == nil }
        let matched = try PatternCensus(view, operations).matches()
        let os = try OSRelease(in: view)
        let packages = PackageLists(view)
        var findings: [ScrubFinding] = []
        for operation in operations {
            var paths = matched[operation.id] ?? []
            if operation.keepPackaged { paths = try packages.withoutOwned(paths) }
            let look = ScrubLook(view, operation, options, os: os, matched: paths)
            try Self.assertion(for: operation).check(look)
            findings += look.messages.map { ScrubFinding(operation: operation.id, message: $0) }
        }
        return findings
    }

    package static func assertion(for operation: ScrubOperation) throws(Failure) -> any ScrubAssertion {
        let name = operation.handler ?? operation.action.rawValue
        guard let assertion = assertions.first(where: { type(of: $0).name == name }) else {
            throw Failure(.invalid, "the scrub operation '\(operation.id)' names the handler '\(name)', which nothing verifies")
        }
        return assertion
    }
}

/// What one assertion looks at.
package final class ScrubLook {
    package let view: any TreeView
    package let operation: ScrubOperation
    package let options: ScrubOptions
    package let os: OSRelease
    /// What fits the operation's patterns and is not kept.
    package let matched: [(path: TreePath, node: Node)]
    private(set) var messages: [String] = []

    init(
        _ view: any TreeView, _ operation: ScrubOperation, _ options: ScrubOptions, os: OSRelease,
        matched: [(path: TreePath, node: Node)]
    ) {
        self.view = view
        self.operation = operation
        self.options = options
        self.os = os
        self.matched = matched
    }

    package func report(_ message: String) { messages.append(message) }

    /// The lines of a regular file; nil for all else, links too.
    package func lines(_ path: TreePath) throws(Failure) -> [[UInt8]]? {
        guard var node = try view.node(at: path) else { return nil }
        if case .hardLink(let file) = node.kind, let target = try view.node(at: file) { node = target }
        guard let content = node.content else { return nil }
        let bytes = try content.bytes(from: view.objects, limit: 64 << 20)
        return bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
    }

    /// The matched regular files with their lines.
    package func files() throws(Failure) -> [(path: TreePath, lines: [[UInt8]])] {
        var files: [(path: TreePath, lines: [[UInt8]])] = []
        for (path, _) in matched {
            if let lines = try lines(path) { files.append((path, lines)) }
        }
        return files
    }
}
