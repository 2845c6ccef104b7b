import Cloud
import ImageStore
import Model
import Platform
import TestSupport
import Testing

/// An image with the host's own sshd, so that clients can log in.
enum SecureShellImage {
    private static let programs = [
        "/usr/sbin/sshd", "/usr/bin/ssh-keygen", "/usr/bin/scp", "/usr/lib/openssh/sftp-server",
    ]
    static let isAvailable = programs.allSatisfy { Files.exists($0) }

    static func make(
        in region: EmbeddedRegion, and fill: (TreeEditor) throws -> Void = { _ in }
    ) throws -> ImageID {
        try MachineFixture.image("with sshd", in: region) { editor in
            for program in programs { try add(program, to: editor) }
            try editor.makeDirectory("/etc/ssh")
            try editor.write(
                "UsePAM no\nPermitRootLogin prohibit-password\nSubsystem sftp /usr/lib/openssh/sftp-server\n",
                to: "/etc/ssh/sshd_config")
            try editor.write(
                "root:x:0:0:root:/root:/bin/sh\nadmin:x:1000:1000::/home/admin:/bin/sh\nsshd:x:100:65534::/run/sshd:/bin/false\n",
                to: "/etc/passwd")
            try editor.write("root:*:19000::::::\nadmin:*:19000::::::\nsshd:*:19000::::::\n", to: "/etc/shadow")
            try fill(editor)
        }
    }

    /// A program of the host with its libraries.
    static func add(_ path: String, to editor: TreeEditor) throws {
        let words = try Shell.run("ldd \(path)", in: "/").split(whereSeparator: \.isWhitespace)
        for file in words.filter({ $0.hasPrefix("/") }).map(String.init) + [path] {
            let target = try TreePath(parsing: file)
            try editor.makeDirectory(target.parent)
            try editor.write(
                try Files.read(file), to: target, metadata: Metadata(mode: 0o755, modified: MachineFixture.date))
        }
    }
}
