import ImageStore
import Model

/// Where systemd looks for units of the system, the first folder that has a name wins (systemd.unit(5)). What generators would write
/// into /run is not there in an image.
package enum UnitFolders {
    package static let own: TreePath = "/etc/systemd/system"

    static let transient: TreePath = "/run/systemd/transient"

    package static let all: [TreePath] = [
        "/etc/systemd/system.control", "/run/systemd/system.control", "/run/systemd/transient", "/run/systemd/generator.early",
        "/etc/systemd/system", "/etc/systemd/system.attached", "/run/systemd/system", "/run/systemd/system.attached",
        "/run/systemd/generator", "/usr/local/lib/systemd/system", "/lib/systemd/system", "/usr/lib/systemd/system",
        "/run/systemd/generator.late",
    ]

    package static let presets: [TreePath] = [
        "/etc/systemd/system-preset", "/run/systemd/system-preset", "/usr/local/lib/systemd/system-preset",
        "/lib/systemd/system-preset", "/usr/lib/systemd/system-preset",
    ]

    static func isRuntime(_ folder: TreePath) -> Bool { folder.isWithin("/run") }

    /// The folders as they are in an image, each once: `/lib` is `/usr/lib` where that is so.
    static func existing(_ folders: [TreePath], in guest: any TreeView) throws(Failure) -> [(named: TreePath, at: TreePath)] {
        var seen: Set<TreePath> = []
        var found: [(named: TreePath, at: TreePath)] = []
        for folder in folders {
            let path = try guest.resolve(folder)
            guard try guest.node(at: path)?.isDirectory == true, seen.insert(path).inserted else { continue }
            found.append((folder, path))
        }
        return found
    }
}
