import Model

/// `reset`: files that exist get the operation's content in place.
package struct ResetFiles: ScrubKind {
    package static let name = "reset"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        for path in try work.fileTargets() { try work.replace(path, with: Array((work.operation.content ?? "").utf8)) }
    }
}
