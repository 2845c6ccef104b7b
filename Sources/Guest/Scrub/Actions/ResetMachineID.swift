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
        let path = FirstBoot.machineID
        let hasFirstBoot = FirstBoot.isUsual(of: work.facts.os)
        let content = hasFirstBoot ? FirstBoot.uninitialized : ""
        if hasFirstBoot { try tellRevived(work) }
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

    /// Says which units the first boot would start that somebody switched off.
    private func tellRevived(_ work: ScrubWork) throws(Failure) {
        let units = try FirstBoot.revived(in: work.editor)
        if units.isEmpty { return }
        let shown = units.prefix(5).map(\.text).joined(separator: ", ") + (units.count > 5 ? ", …" : "")
        work.note("by preset, the first boot of an instance enables \(units.count) disabled units: \(shown)")
    }
}

extension ScrubWork {
    package func replace(_ path: TreePath, with text: String) throws(Failure) { try replace(path, with: Array(text.utf8)) }
}
