import Guest
import ImageStore
import Model
import Platform
import TestSupport
import Testing

/// What hardening decides of units outlasts the first boot, by systemctl's own account of presets.
@Suite struct FirstBootTests {
    private static let hasSystemctl = Shell.has("systemctl")
    private static let missing: Comment = "needs systemctl: apt-get install systemd"
    private static let setup = """
        mkdir -p usr/lib/systemd/system usr/lib/systemd/system-preset etc/systemd/system-preset
        for unit in on off; do printf '[Install]\\nWantedBy=multi-user.target\\n' > usr/lib/systemd/system/$unit.service; done
        printf 'ID=amzn\\nID_LIKE=fedora\\n' > etc/os-release
        : > usr/lib/systemd/system/multi-user.target
        """

    @Test(
        "a unit that hardening enabled or disabled is so after systemctl preset-all, whatever other presets say",
        .enabled(if: hasSystemctl, missing), arguments: ["disable *", "enable *", "disable on.service\nenable off.service", ""])
    func presetAll(_ presets: String) throws {
        try withTemporaryFolder { folder in
            try Shell.run(Self.setup + "\necho '\(presets)' > usr/lib/systemd/system-preset/90-default.preset", in: folder)
            let editor = try hostTree(folder, ["/etc", "/usr/lib"], in: MemoryObjects())
            let wanted = [UnitState(unit: "on.service", state: .enabled), UnitState(unit: "off.service", state: .disabled)]
            for requirement in wanted {
                try requirement.remedy(editor)
                guard case .met = try requirement.check(editor) else {
                    Issue.record("\(requirement.unit) is not \(requirement.state): \(try requirement.check(editor))")
                    return
                }
                // Once more adds nothing.
                let before = try editor.finish()
                if case .notMet = try requirement.check(editor) { try requirement.remedy(editor) }
                #expect(try editor.finish() == before)
            }
            let path: TreePath = "/etc/systemd/system-preset/00-hardening.preset"
            if let text = try editor.exists(path) ? editor.read(path) : nil {
                try Files.writeDurably(folder + path.description, text)
            }
            try Shell.run(
                "systemctl --root=. enable on.service 2>/dev/null; systemctl --root=. preset-all 2>/dev/null", in: folder)
            let states = try Shell.run("systemctl --root=. is-enabled on.service off.service || true", in: folder)
            #expect(states == "enabled\ndisabled\n")
        }
    }

    @Test("without a line of its own an enabled unit is told as undone where presets disable it, and a first boot is ahead")
    func undone() throws {
        let editor = try TreeEditor(root: nil, in: MemoryObjects(), date: 1)
        for folder in [
            "/etc/systemd/system/multi-user.target.wants", "/usr/lib/systemd/system", "/usr/lib/systemd/system-preset",
        ] {
            try editor.makeDirectory(try TreePath(parsing: folder))
        }
        try editor.write("[Install]\nWantedBy=multi-user.target\n", to: "/usr/lib/systemd/system/on.service")
        try editor.write("disable *\n", to: "/usr/lib/systemd/system-preset/90-default.preset")
        let link = Node(Metadata(mode: 0o777, modified: 1), .symlink(target: Array("/usr/lib/systemd/system/on.service".utf8)))
        try editor.put(link, at: "/etc/systemd/system/multi-user.target.wants/on.service")
        let requirement = UnitState(unit: "on.service", state: .enabled)
        func finding(machineID: String) throws -> HardeningFinding {
            try editor.write(machineID, to: "/etc/machine-id")
            return try requirement.check(editor)
        }
        guard case .met = try finding(machineID: "") else {
            Issue.record("an empty machine id is no first boot")
            return
        }
        guard case .notMet = try finding(machineID: "uninitialized\n") else {
            Issue.record("an uninitialized machine id is a first boot")
            return
        }
    }
}
