import ImageStore
import Model

/// `edit`: the lines that the operation names go; all others stay byte for byte.
package struct EditFiles: ScrubKind {
    package static let name = "edit"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        for path in try work.fileTargets() {
            var file = LineFile(try work.editor.read(path) ?? [])
            file.lines.removeAll { work.operation.drop.matches($0) }
            try work.replace(path, with: file.bytes)
        }
    }
}
