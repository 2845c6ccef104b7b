import ImageStore
import Model

/// `resolv-conf`: a `/etc/resolv.conf` that is a file holds the name servers of the build's network. It goes, and where
/// systemd-resolved is installed its link comes back.
package struct RestoreStubResolver: ScrubKind {
    package static let name = "resolv-conf"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        let path: TreePath = "/etc/resolv.conf"
        guard try work.isFile(path) else { return }
        for program in ["/usr/lib/systemd/systemd-resolved", "/lib/systemd/systemd-resolved"] as [TreePath]
        where try work.editor.exists(program) {
            return try work.replace(path, withLinkTo: "../run/systemd/resolve/stub-resolv.conf")
        }
        try work.remove(path)
    }
}
