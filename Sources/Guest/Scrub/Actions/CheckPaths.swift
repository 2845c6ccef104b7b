import Model

/// `check`: nothing is changed, and what fits is a problem for the user to solve.
package struct CheckPaths: ScrubKind {
    package static let name = "check"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        for path in try work.targets() { work.problem("\(path.escaped): \(work.operation.reason)") }
    }
}
