import Guest
import ImageStore
import Model
import Platform
import TestSupport
import Testing

/// What sets kernel parameters, by systemd-sysctl's order of files and by the values that sysctl would write in the end.
@Suite struct SysctlOracleTests {
    private static let systemd = "/usr/lib/systemd/systemd-sysctl"
    private static let canRun =
        Shell.has("bwrap") && Shell.has("sysctl") && Files.exists(systemd) && Files.exists("/etc/sysctl.d")
        && Files.exists("/usr/lib/sysctl.d") && Files.exists("/etc/sysctl.conf") && Self.hasNamespaces
    private static let hasNamespaces = (try? Shell.run("bwrap --ro-bind / / true", in: "/")) != nil
    private static let missing: Comment =
        "needs bwrap, sysctl and systemd-sysctl, and namespaces: apt-get install bubblewrap procps systemd"
    private static let places = ["etc/sysctl.d", "run/sysctl.d", "usr/local/lib/sysctl.d", "usr/lib/sysctl.d"]

    @Test(
        "files count in systemd's order, and values are in the end what sysctl would write", .enabled(if: canRun, missing),
        arguments: 0..<25)
    func generated(_ seed: UInt64) throws {
        var random = SeededRandom(seed)
        try withTemporaryFolder { folder in
            try Shell.run(Self.script(&random), in: folder)
            let walls = """
                bwrap --ro-bind / / --dev /dev --bind etc/sysctl.d /etc/sysctl.d --bind etc/sysctl.conf /etc/sysctl.conf \
                --bind usr/lib/sysctl.d /usr/lib/sysctl.d --tmpfs /run --bind run/sysctl.d /run/sysctl.d \
                --tmpfs /usr/local/lib --bind usr/local/lib/sysctl.d /usr/local/lib/sysctl.d
                """
            let view = try hostTree(folder, ["/etc", "/run", "/usr"], in: MemoryObjects())
            let order = try Shell.run("\(walls) \(Self.systemd) --cat-config", in: folder).split(separator: "\n")
                .filter { $0.hasPrefix("# /") }.map { String($0.dropFirst(2)) }
            var own: [String] = []
            for setting in try SysctlSettings(view).all where own.last != setting.place.file.description {
                own.append(setting.place.file.description)
            }
            #expect(own == order)
            let settings = try SysctlSettings(view, mainFileLast: true)
            var written: [String: String] = [:]
            for line in try Shell.run("\(walls) sysctl --dry-run --system 2>/dev/null || true", in: folder).split(separator: "\n")
            {
                let parts = line.split(separator: "=", maxSplits: 1).map { $0.split(separator: " ").joined(separator: " ") }
                if parts.count == 2, !line.hasPrefix("*") { written[parts[0]] = parts[1] }
            }
            #expect(!written.isEmpty)
            for (name, value) in written { #expect(settings.effective(name)?.value == value, "\(name)") }
        }
    }

    private static func script(_ random: inout SeededRandom) -> String {
        let names = [
            "kernel.pid_max", "net.ipv4.ip_forward", "net/ipv4/conf/lo/rp_filter", "net.ipv4.conf.lo.rp_filter", "kernel.sysrq",
            "net.ipv4.conf.all.rp_filter", "fs.suid_dumpable",
        ]
        var lines = places.map { "mkdir -p \($0)" } + [": > etc/sysctl.conf"]
        for number in 0..<8 {
            var text = ""
            for _ in 0..<(1 + random.below(4)) {
                let spaces = random.below(2) == 0 ? " = " : "="
                text += (random.below(6) == 0 ? "-" : "") + names[random.below(names.count)] + spaces + "\(random.below(90))\\n"
                if random.below(5) == 0 { text += ["# note", "; note", ""][random.below(3)] + "\\n" }
            }
            let file = number == 7 ? "etc/sysctl.conf" : "\(places[random.below(4)])/\(random.below(4))0-a.conf"
            lines.append("printf -- '\(text)' > \(file)")
        }
        return lines.joined(separator: "\n")
    }
}
