import ImageStore
import Model

/// A file that belongs to the profile holds exactly this text.
package struct FileText: HardeningRequirement {
    package let file: TreePath
    package let text: String
    /// Of a file that the remedy makes.
    package let mode: UInt16

    package init(file: TreePath, text: String, mode: UInt16) {
        self.file = file
        self.text = text
        self.mode = mode
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard try guest.exists(file) else { return .notMet("\(file) does not exist") }
        return try guest.read(file) == Array(text.utf8)
            ? .met("\(file) is as the profile has it") : .notMet("\(file) has another text")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        try LineFile(Array(text.utf8)).write(to: file, in: guest, mode: mode)
    }
}
