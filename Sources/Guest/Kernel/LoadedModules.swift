import ImageStore
import Model

/// The kernel modules that are loaded at every boot: modules-load.d(5), and Debian's `/etc/modules`, which a link of
/// `/etc/modules-load.d` leads to.
package enum LoadedModules {
    package static let folders: [TreePath] = [
        "/etc/modules-load.d", "/run/modules-load.d", "/usr/local/lib/modules-load.d", "/usr/lib/modules-load.d",
        "/lib/modules-load.d",
    ]

    /// Each module with the place that names it first, by name.
    package static func all(in guest: any TreeView) throws(Failure) -> [(module: String, place: LinePlace)] {
        var found: [String: LinePlace] = [:]
        for file in try DropIns.files(in: folders, of: guest) {
            for line in try LogicalLines(file, in: guest, joins: false).lines {
                guard let first = line.text.first, first != "#", first != ";",
                    let word = line.text.split(whereSeparator: \.isWhitespace).first
                else { continue }
                let module = String(word)
                if found[module] == nil { found[module] = line.place }
            }
        }
        return found.sorted { $0.key < $1.key }.map { (module: $0.key, place: $0.value) }
    }
}
