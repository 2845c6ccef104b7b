import Cloud
import Crypto
import ImageStore
import Model
import Platform
import Sandbox

/// What a machine does when it first starts: it gets an identity and the key of who launched it, and carries out its user data, by the
/// image's own cloud-init where it has one.
struct FirstBoot {
    let machine: MachineRecord
    let region: EmbeddedRegion
    private let userData: UserData?
    private let problem: String?

    init(_ machine: MachineRecord, in region: EmbeddedRegion) {
        self.machine = machine
        self.region = region
        do throws(Failure) {
            userData = try machine.instance.userData.map { (text) throws(Failure) in try UserData(base64: text) }
            problem = nil
        } catch {
            // As a machine that cannot read its user data starts all the same.
            userData = nil
            problem = error.chain.joined(separator: ": ")
        }
    }

    /// What is done to the tree before it is mounted. Gives its new root.
    func edit(_ root: Digest, in writer: StoreWriter) throws(Failure) -> Digest {
        let editor = try TreeEditor(root: root, in: writer, date: region.environment.now())
        try FirstBootIdentity(editor, machine.instance, random: region.environment.random).write()
        if let key = machine.publicKey, try !CloudInit.isThere(in: editor) {
            for user in try DefaultUser.users(in: editor) { try user.authorize(key, in: editor) }
        }
        return try editor.finish()
    }

    /// The programs that are run once the tree is mounted.
    func steps(on tree: any TreeView) throws(Failure) -> [BootStep] {
        if try CloudInit.isThere(in: tree) {
            return CloudInit(instance: machine.instance, region: region.name, key: machine.publicKey, userData: userData).steps
        }
        var steps: [BootStep] = []
        if try Self.lacksHostKeys(tree) { steps.append(BootStep(name: "host keys", script: "ssh-keygen -A")) }
        if let userData {
            steps += UserDataSteps(userData, defaultUser: try DefaultUser.users(in: tree).last?.name ?? "root").steps
        }
        return steps
    }

    /// What the console says before anything is run.
    func greeting(on tree: any TreeView) throws(Failure) -> [String] {
        var lines = ["ingot: first boot of \(machine.instance.id) from \(machine.instance.image)"]
        if let problem { lines.append("ingot: \(problem)") }
        if let userData, try !CloudInit.isThere(in: tree) {
            lines += UserDataSteps(userData, defaultUser: "root").remarks.map { "ingot: user data: \($0)" }
        }
        return lines
    }

    /// A server without keys lets nobody in.
    private static func lacksHostKeys(_ tree: any TreeView) throws(Failure) -> Bool {
        guard try tree.exists("/usr/sbin/sshd"), try tree.exists("/usr/bin/ssh-keygen") else { return false }
        let names = try tree.children(of: "/etc/ssh") ?? []
        return !names.contains {
            $0.name.bytes.starts(with: "ssh_host_".utf8) && $0.name.bytes.suffix(4).elementsEqual("_key".utf8)
        }
    }
}
