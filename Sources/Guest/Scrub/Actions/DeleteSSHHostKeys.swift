import ImageStore
import Model

/// `ssh-hostkeys`: the host keys go if something will make new ones, because sshd does not start without.
///
/// That is cloud-init, or sshd-keygen of the RHEL family, or else a unit of our own that runs `ssh-keygen -A` before sshd. Where none
/// of these is possible the keys stay, and the operation fails.
package struct DeleteSSHHostKeys: ScrubKind {
    package static let name = "ssh-hostkeys"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        let targets = try work.targets()
        if try hasServer(work.editor) {
            try tellUnusualKeys(work, usual: targets)
            guard try isRegenerated(work) else { return }
        }
        try DeletePaths.delete(targets, work)
    }

    /// Whether new keys will be made; tells the problem where not.
    private func isRegenerated(_ work: ScrubWork) throws(Failure) -> Bool {
        if try HostKeyGenerators.present(in: work.editor) { return true }
        guard try FirstBootUnit.hostKeys.canRun(in: work.editor) else {
            work.problem(
                "nothing in the image would make new host keys: there is neither cloud-init, nor sshd-keygen, nor systemd with ssh-keygen, "
                    + "so the old keys stay")
            return false
        }
        if try FirstBootUnit.hostKeys.install(in: work.editor) {
            work.noteChange("\(FirstBootUnit.hostKeys.path) was installed: it makes new host keys before sshd")
        }
        return true
    }

    private func hasServer(_ view: any TreeView) throws(Failure) -> Bool {
        try view.exists(anyOf: ["/usr/sbin/sshd", "/usr/bin/sshd", "/sbin/sshd"])
    }

    /// Keys that sshd's configuration names elsewhere. Nothing makes those anew, so they are a problem and stay.
    private func tellUnusualKeys(_ work: ScrubWork, usual: [TreePath]) throws(Failure) {
        for value in try SecureShellConfiguration(everywhereIn: work.editor).lines(of: "HostKey").flatMap(\.arguments) {
            let path: TreePath
            do throws(Failure) { path = try work.editor.resolve(try TreePath(parsing: value)) } catch { continue }
            guard try work.isFile(path), !usual.contains(path) else { continue }
            work.problem("sshd_config names the host key \(path.escaped), which nothing would make anew, so it stays")
        }
    }
}

/// Finds what makes host keys at boot.
enum HostKeyGenerators {
    static func present(in view: any TreeView) throws(Failure) -> Bool {
        if try hasCloudInit(view) { return true }
        for folder in ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"] as [TreePath] {
            for name in ["sshd-keygen@.service", "sshd-keygen.target", "sshd-keygen.service"] {
                guard let name = Name(name), let node = try view.node(at: try view.resolve(folder).appending(name)) else {
                    continue
                }
                // A link in /etc to /dev/null masks the unit.
                if case .symlink(let target) = node.kind { return target != Array("/dev/null".utf8) }
                return true
            }
        }
        return false
    }

    private static func hasCloudInit(_ view: any TreeView) throws(Failure) -> Bool {
        guard try view.exists("/usr/bin/cloud-init"), try !view.exists("/etc/cloud/cloud-init.disabled") else { return false }
        var files: [TreePath] = ["/etc/cloud/cloud.cfg"]
        let folder: TreePath = "/etc/cloud/cloud.cfg.d"
        for (name, _) in try view.children(of: folder) ?? [] where name.bytes.suffix(4) == Array(".cfg".utf8)[...] {
            files.append(folder.appending(name))
        }
        for file in files where try view.resolvedNode(file)?.content != nil {
            let lines = LineFile(try view.read(file, limit: 4 << 20) ?? []).lines
            if lines.contains(where: { forbidsKeys(String(decoding: $0, as: UTF8.self)) }) { return false }
        }
        return true
    }

    /// A line of cloud.cfg that turns key generation off. Read as a line: a document that hides it better only costs a unit too many.
    private static func forbidsKeys(_ line: String) -> Bool {
        let words = line.split { $0 == " " || $0 == "\t" || $0 == ":" }
        guard let key = words.first, key == "ssh_deletekeys" || key == "ssh_genkeytypes", words.count > 1 else { return false }
        return ["false", "no", "off", "0", "[]", "null", "~"].contains(words[1].lowercased())
    }
}
