import ImageStore
import Model

/// Configuration that is spread over folders, of which the first that has a file name wins, as systemd, sysctl and modprobe read it.
package enum DropIns {
    /// The files with an ending, by name; of those with the same name, the one of the earliest folder.
    package static func files(
        in folders: [TreePath], ending: String = ".conf", of guest: any TreeView
    ) throws(Failure) -> [TreePath] {
        var byName: [Name: TreePath] = [:]
        for folder in folders {
            for (name, _) in try guest.children(of: try guest.resolve(folder)) ?? [] {
                guard name.description.hasSuffix(ending), byName[name] == nil else { continue }
                byName[name] = folder.appending(name)
            }
        }
        var files: [TreePath] = []
        for (_, path) in byName.sorted(by: { $0.key < $1.key }) {
            // A link to /dev/null takes a name out of use.
            if try guest.resolvedNode(path)?.content != nil { files.append(path) }
        }
        return files
    }
}
