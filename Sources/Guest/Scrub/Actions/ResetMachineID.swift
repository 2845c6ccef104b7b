import ImageStore
import Model

/// `machine-id`: no two instances may share the id of `/etc/machine-id` (machine-id(5)).
///
/// Debian and Ubuntu get an empty file: a new id at every first boot, but not systemd's "first boot", which would enable all units
/// again that a preset allows, those too that hardening disabled. Amazon Linux, Fedora and RHEL, whose presets disable by default,
/// get `uninitialized`.
package struct ResetMachineID: ScrubKind {
    package static let name = "machine-id"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        let path: TreePath = "/etc/machine-id"
        let content = Self.content(for: work.facts.os)
        switch try work.editor.node(at: path)?.kind {
        case nil:
            // A missing file means "first boot" as well.
            guard try work.editor.exists(anyOf: ["/usr/lib/systemd/systemd", "/lib/systemd/systemd"]) else { return }
            try work.editor.write(content, to: path, metadata: Metadata(mode: 0o444, modified: work.editor.date))
            work.noteChange("\(path) was missing and was made")
        case .file, .hardLink:
            try work.replace(path, with: content)
            if try work.editor.resolvedNode(path)?.metadata.mode != 0o444 {
                try work.editor.updateMetadata(path) { $0.mode = 0o444 }
                work.noteChange("\(path) has the mode 0444 now")
            }
        default:
            try work.remove(path)
            try work.editor.write(content, to: path, metadata: Metadata(mode: 0o444, modified: work.editor.date))
        }
    }

    private static func content(for os: OSRelease) -> String {
        os.isLike("fedora") || os.isLike("rhel") || os.isLike("centos") || os.id == "amzn" ? "uninitialized\n" : ""
    }
}

extension ScrubWork {
    package func replace(_ path: TreePath, with text: String) throws(Failure) { try replace(path, with: Array(text.utf8)) }
}
