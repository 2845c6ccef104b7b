import ImageStore
import Model

/// A file system of fstab(5) is mounted with an option; only where it is a mount of its own.
package struct MountOption: HardeningRequirement {
    package let mountPoint: String
    package let option: String

    package init(mountPoint: String, option: String) {
        self.mountPoint = mountPoint
        self.option = option
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard let mount = try MountTable(guest).mount(at: mountPoint) else {
            return .notApplicable("\(mountPoint) is no mount of its own in \(MountTable.file)")
        }
        let seen = "\(mountPoint) is mounted with \(mount.options.joined(separator: ","))"
        return mount.options.contains(option) ? .met(seen) : .notMet(seen)
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        guard let mount = try MountTable(guest).mount(at: mountPoint) else { return }
        var lines = try LineFile(MountTable.file, in: guest)
        var words = lines.words(mount.place.line)
        // The option's opposite would come later and win.
        let opposite = option.hasPrefix("no") ? String(option.dropFirst(2)) : "no" + option
        let options = (mount.options.filter { $0 != opposite } + [option]).joined(separator: ",")
        if words.count > 3 { words[3] = options } else { words.append(options) }
        lines.replace(mount.place.line, with: words.joined(separator: "\t"))
        try lines.write(to: MountTable.file, in: guest)
    }
}
