import ImageStore
import Model

/// The comment that starts files which hardening makes.
let hardeningHeader = "# Written by a hardening profile"

extension LineFile {
    /// The lines of a file that hardening adds to; of a new or empty one, the comment that says who did.
    init(hardening path: TreePath, in guest: any TreeView) throws(Failure) {
        try self.init(path, in: guest)
        if lines.isEmpty { append(hardeningHeader) }
    }
}
