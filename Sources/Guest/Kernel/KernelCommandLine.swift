import ImageStore
import Model

/// The arguments that the kernel is booted with, from wherever an image keeps them.
package enum KernelCommandLine {
    package static let grubDefaults: TreePath = "/etc/default/grub"
    package static let grubDropIns: TreePath = "/etc/default/grub.d"
    package static let plainFiles: [TreePath] = ["/etc/kernel/cmdline", "/usr/lib/kernel/cmdline"]
    package static let entryFolders: [TreePath] = ["/boot/loader/entries", "/efi/loader/entries", "/boot/efi/loader/entries"]

    /// Each argument with the file that gives it. grub's variables are taken as they are assigned last; nothing is expanded.
    package static func arguments(in guest: any TreeView) throws(Failure) -> [(argument: String, file: TreePath)] {
        var found: [(argument: String, file: TreePath)] = []
        var grub: [String: (value: String, file: TreePath)] = [:]
        var files = try DropIns.files(in: [grubDropIns], ending: ".cfg", of: guest)
        files.insert(grubDefaults, at: 0)
        for file in files {
            for line in try LogicalLines(file, in: guest).lines where line.text.hasPrefix("GRUB_CMDLINE_LINUX") {
                guard let equals = line.text.firstIndex(of: "=") else { continue }
                let value = line.text[line.text.index(after: equals)...].filter { $0 != "\"" && $0 != "'" }
                grub[String(line.text[..<equals])] = (value, file)
            }
        }
        for name in ["GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT"] {
            if let (value, file) = grub[name] { found += words(value).map { ($0, file) } }
        }
        for file in plainFiles where try guest.resolvedNode(file)?.content != nil {
            for line in try LogicalLines(file, in: guest).lines where line.text.first != "#" {
                found += words(line.text).map { ($0, file) }
            }
            break
        }
        for folder in entryFolders {
            for file in try DropIns.files(in: [folder], of: guest) {
                for line in try LogicalLines(file, in: guest, joins: false).lines where line.text.hasPrefix("options ") {
                    found += words(String(line.text.dropFirst(8))).map { ($0, file) }
                }
            }
        }
        return found
    }

    private static func words(_ text: String) -> [String] { text.split(whereSeparator: \.isWhitespace).map(String.init) }
}
