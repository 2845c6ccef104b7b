import Model

/// `truncate`: files become empty in place.
package struct TruncateFiles: ScrubKind {
    package static let name = "truncate"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        for path in try work.fileTargets() { try work.replace(path, with: []) }
    }
}
