import ImageStore
import Model

/// A unit of systemd that makes at the first start of an instance what a scrub took out of the image, before the services that need it.
struct FirstBootUnit {
    /// Without the ending: `ingot-ssh-host-keys`.
    let name: String
    let description: String
    /// The units that must find what is made.
    let before: [String]
    /// What is made: the unit runs where it is missing.
    let makes: TreePath
    /// The program in the image, and its arguments.
    let program: TreePath
    let arguments: String

    static let hostKeys = FirstBootUnit(
        name: "ingot-ssh-host-keys", description: "Make SSH host keys where there are none",
        before: ["ssh.service", "sshd.service"], makes: "/etc/ssh/ssh_host_ed25519_key", program: "/usr/bin/ssh-keygen",
        arguments: "-A")

    static let exampleCertificate = FirstBootUnit(
        name: "ingot-example-certificate", description: "Make the self-signed example certificate where there is none",
        before: [
            "apache2.service", "dovecot.service", "exim4.service", "nginx.service", "postfix.service", "postgresql.service",
            "postgresql@.service",
        ], makes: "/etc/ssl/private/ssl-cert-snakeoil.key", program: "/usr/sbin/make-ssl-cert",
        arguments: "generate-default-snakeoil")

    private static let folder: TreePath = "/etc/systemd/system"

    var path: String { "\(Self.folder)/\(name).service" }

    private var text: String {
        """
        [Unit]
        Description=\(description)
        Before=\(before.joined(separator: " "))
        ConditionPathExists=!\(makes)

        [Service]
        Type=oneshot
        ExecStart=\(program) \(arguments)
        RemainAfterExit=yes

        [Install]
        WantedBy=multi-user.target

        """
    }

    func canRun(in view: any TreeView) throws(Failure) -> Bool {
        guard try view.exists(anyOf: ["/usr/lib/systemd/systemd", "/lib/systemd/systemd"]) else { return false }
        return try view.exists(program)
    }

    /// Installs and enables it; false where it was already there.
    func install(in editor: TreeEditor) throws(Failure) -> Bool {
        let bytes = Array(text.utf8)
        let file = try Self.folder.appending("\(name).service")
        let wants = try Self.folder.appending("multi-user.target.wants")
        let link = try wants.appending("\(name).service")
        if try editor.node(at: file)?.content != nil, try editor.read(file) == bytes, try editor.node(at: link)?.isSymlink == true
        {
            return false
        }
        try editor.makeDirectory(wants)
        try editor.remove(file)
        try editor.write(bytes, to: file, metadata: Metadata(mode: 0o644, modified: editor.date))
        let target = Array("../\(name).service".utf8)
        try editor.put(Node(Metadata(mode: 0o777, modified: editor.date), .symlink(target: target)), at: link)
        return true
    }
}
