import ImageStore
import Model

/// The kernels of an image, by version: what has modules, or an image in /boot.
package enum InstalledKernels {
    package static let moduleFolder: TreePath = "/usr/lib/modules"
    package static let bootFolder: TreePath = "/boot"

    package static func versions(in guest: any TreeView) throws(Failure) -> [String] {
        var versions: Set<String> = []
        for folder in [moduleFolder, "/lib/modules"] {
            for (name, node) in try guest.children(of: try guest.resolve(folder)) ?? [] where node.isDirectory {
                versions.insert(name.description)
            }
        }
        for (name, _) in try guest.children(of: try guest.resolve(bootFolder)) ?? [] {
            let text = name.description
            if text.hasPrefix("vmlinuz-") { versions.insert(String(text.dropFirst("vmlinuz-".count))) }
        }
        return versions.sorted()
    }
}
