import ImageStore
import Model

/// The kernel's command line has a word, in what the next boot configuration is made of: `GRUB_CMDLINE_LINUX` of /etc/default/grub and
/// its drop-ins, and where there is one, /etc/kernel/cmdline.
package struct KernelOption: HardeningRequirement {
    package let name: String
    /// Nil for a word without a value.
    package let value: String?
    /// For numbers: at least so much is right too.
    package let isMinimum: Bool

    private static let grub: TreePath = "/etc/default/grub"
    private static let dropIns: TreePath = "/etc/default/grub.d"
    private static let dropIn: TreePath = "/etc/default/grub.d/zz-hardening.cfg"
    private static let commandLine: TreePath = "/etc/kernel/cmdline"
    private static let variable = "GRUB_CMDLINE_LINUX"

    package init(name: String, value: String?, isMinimum: Bool = false) {
        self.name = name
        self.value = value
        self.isMinimum = isMinimum
    }

    private var word: String { value.map { "\(name)=\($0)" } ?? name }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        var sources: [(TreePath, [String])] = []
        if let words = try grubWords(guest) { sources.append((Self.grub, words)) }
        if try guest.exists(Self.commandLine) {
            sources.append((Self.commandLine, words(try guest.text(Self.commandLine) ?? "")))
        }
        if sources.isEmpty { return .notApplicable("neither \(Self.grub) nor \(Self.commandLine) exists") }
        for (file, words) in sources {
            guard let last = words.last(where: { $0 == name || $0.hasPrefix("\(name)=") }) else {
                return .notMet("the kernel's command line in \(file) has no \(name)")
            }
            if !accepts(last) { return .notMet("the kernel's command line in \(file) has \(last)") }
        }
        return .met("the kernel's command line has \(word)")
    }

    private func accepts(_ found: String) -> Bool {
        if found == word { return true }
        guard isMinimum, let least = value.flatMap({ Int($0) }), let number = Int(found.dropFirst(name.count + 1)) else {
            return false
        }
        return number >= least
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        if try grubWords(guest) != nil {
            var lines = try LineFile(hardening: Self.dropIn, in: guest)
            lines.append("\(Self.variable)=\"$\(Self.variable) \(word)\"")
            try lines.write(to: Self.dropIn, in: guest)
        }
        if try guest.exists(Self.commandLine) {
            let kept = words(try guest.text(Self.commandLine) ?? "").filter { $0 != name && !$0.hasPrefix("\(name)=") }
            try LineFile(Array(((kept + [word]).joined(separator: " ") + "\n").utf8)).write(to: Self.commandLine, in: guest)
        }
    }

    /// What the shell makes of the variable; nil where the image has no such file. Only assignments of quoted words are understood.
    private func grubWords(_ guest: any TreeView) throws(Failure) -> [String]? {
        var files = try guest.exists(Self.grub) ? [Self.grub] : []
        files += try DropIns.files(in: [Self.dropIns], ending: ".cfg", of: guest)
        guard !files.isEmpty else { return nil }
        var value = ""
        for file in files {
            let lines = try LineFile(file, in: guest)
            for index in lines.indices {
                let text = lines.text(index)
                guard text.hasPrefix(Self.variable + "=") else { continue }
                let assigned = text.dropFirst(Self.variable.count + 1).filter { $0 != "\"" && $0 != "'" }
                value = String(assigned).replacing("${\(Self.variable)}", with: value).replacing("$\(Self.variable)", with: value)
            }
        }
        return words(value)
    }

    private func words(_ text: String) -> [String] { text.split(whereSeparator: \.isWhitespace).map(String.init) }
}
