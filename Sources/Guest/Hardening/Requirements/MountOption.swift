import ImageStore
import Model

/// A file system of fstab(5) is mounted with an option; only where it is a mount of its own.
package struct MountOption: HardeningRequirement {
    package let mountPoint: String
    package let option: String

    private static let table: TreePath = "/etc/fstab"

    package init(mountPoint: String, option: String) {
        self.mountPoint = mountPoint
        self.option = option
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        let lines = try LineFile(Self.table, in: guest)
        guard let index = index(lines) else { return .notApplicable("\(mountPoint) is no mount of its own in \(Self.table)") }
        let options = lines.words(index)[3]
        let seen = "\(mountPoint) is mounted with \(options)"
        return options.split(separator: ",").contains(Substring(option)) ? .met(seen) : .notMet(seen)
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        var lines = try LineFile(Self.table, in: guest)
        guard let index = index(lines) else { return }
        var words = lines.words(index)
        // The option's opposite would come later and win.
        let opposite = option.hasPrefix("no") ? String(option.dropFirst(2)) : "no" + option
        words[3] = (words[3].split(separator: ",").filter { $0 != opposite } + [Substring(option)]).joined(separator: ",")
        lines.replace(index, with: words.joined(separator: "\t"))
        try lines.write(to: Self.table, in: guest)
    }

    private func index(_ lines: LineFile) -> Int? {
        lines.indices.last { index in
            let words = lines.words(index)
            return words.count >= 4 && words[1] == mountPoint
        }
    }
}
