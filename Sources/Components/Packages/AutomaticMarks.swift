import ImageStore
import Model

/// Which packages apt took for others' sake (`extended_states`). Naming a package to apt-get makes it one that somebody wanted, so that
/// it would never go away again; an update puts the marks back.
struct AutomaticMarks {
    private static let file: TreePath = "/var/lib/apt/extended_states"
    private let bytes: [UInt8]?

    init(in view: any TreeView) throws(Failure) { bytes = try view.read(Self.file) }

    /// Puts the marks back, and marks what the update brought for others' sake.
    /// `native` is the image's architecture, under which apt records packages that fit all.
    func restore(in editor: TreeEditor, new: [PackageChange], native: String) throws(Failure) {
        guard bytes != nil || !new.isEmpty else {
            try editor.remove(try editor.resolve(Self.file))
            return
        }
        var restored = bytes ?? []
        for change in new {
            let name = change.name.prefix { $0 != ":" }
            let architecture = change.architecture == "all" ? native : change.architecture
            restored += Array("Package: \(name)\nArchitecture: \(architecture)\nAuto-Installed: 1\n\n".utf8)
        }
        try editor.write(restored, to: Self.file)
    }
}
