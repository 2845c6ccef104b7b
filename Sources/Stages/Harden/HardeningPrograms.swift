import Crypto
import Guest
import ImageStore
import Model
import Pipeline
import Platform
import Sandbox

/// What the image's own programs say of its configuration after hardening. They run on a copy, which is thrown away.
struct HardeningPrograms {
    /// Each runs where its program is in the image. A status other than 0 is a no.
    private static let checks: [(name: String, program: TreePath, script: String)] = [
        (
            "sshd", "/usr/sbin/sshd",
            """
            mkdir -p /run/sshd
            # Images are sealed without host keys.
            ls /etc/ssh/ssh_host_*_key > /dev/null 2>&1 || ssh-keygen -q -A
            /usr/sbin/sshd -t
            """
        ),
        ("sudo", "/usr/sbin/visudo", "/usr/sbin/visudo -c -q"),
        ("units", "/usr/bin/systemd-analyze", "systemd-analyze verify --man=no --recursive-errors=no multi-user.target"),
    ]
    private static let timeLimit: UInt64 = 120_000_000_000

    /// What the checks came to: each with the last lines of what its program said.
    struct Outcome {
        var passed: [String] = []
        var failed: [(name: String, output: String)] = []
        /// Why none ran.
        var notRun: String?
    }

    /// The names of the checks that a tree can have.
    static func names(for guest: any TreeView) throws(Failure) -> [String] {
        var names: [String] = []
        for check in checks where try guest.exists(check.program) { names.append(check.name) }
        return names
    }

    private let context: StageContext

    init(_ context: StageContext) { self.context = context }

    /// Whether the tree has a shell that can run. In a small tree that one looks at only, it may be a stand-in.
    private static func hasShell(_ tree: any TreeView) throws(Failure) -> Bool {
        let content = try tree.resolvedNode("/bin/sh")?.content
        let head = try content?.extents(from: tree.objects).first?.data(from: tree.objects)
        return head?.starts(with: [0x7F, 0x45, 0x4C, 0x46]) ?? false
    }

    /// Runs all checks that the tree has programs for.
    func run(on tree: TreeEditor) throws(Failure) -> Outcome {
        var outcome = Outcome()
        let names = try Self.names(for: tree)
        guard !names.isEmpty, try Self.hasShell(tree) else { return outcome }
        do throws(Failure) { try context.inputs.services.checkPrograms() } catch {
            outcome.notRun = error.message
            return outcome
        }
        let root = try tree.finish()
        let copy = try TreeEditor(root: root, in: context.writer, date: context.date)
        let folder = "\(context.temporaryFolder)/sandbox-\(root.short)"
        let programs = try context.inputs.services.programs(folder, root)
        for check in Self.checks where names.contains(check.name) {
            context.progress(.detail("checks \(check.name)"))
            var lines: [String] = []
            let program = GuestProgram(
                ["/bin/sh", "-ec", check.script], limits: ProgramLimits(time: Self.timeLimit, output: 1 << 20))
            let result = try programs.run(program, on: copy) { _, line in
                lines.append(String(decoding: line, as: UTF8.self))
            }
            if result.isSuccess {
                outcome.passed.append(check.name)
            } else {
                outcome.failed.append((check.name, lines.suffix(5).joined(separator: "; ")))
            }
        }
        return outcome
    }
}
