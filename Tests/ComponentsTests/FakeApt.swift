import ImageStore
import Model
import Platform
import Sandbox

/// An `apt-get` for tests: it edits dpkg's status file, and answers simulations from it in the form of the real one.
final class FakeApt: ProgramRunner {
    /// Packages that the archives have newer: the version, and the archive.
    var offers: [String: (version: String, archive: String)] = [:]
    /// What an upgrade brings anew.
    var new: [String: String] = [:]
    /// Offers that an upgrade passes over, as for a conflict.
    var stuck: Set<String> = []
    /// Names that the installation leaves as they were.
    var forgotten: Set<String> = []
    var failing: String?
    private(set) var runs: [GuestProgram] = []
    private(set) var policies: [String?] = []

    func checkAvailable() throws(Failure) {}

    func run(
        _ program: GuestProgram, on editor: TreeEditor, onLine: (Subprocess.Stream, [UInt8]) -> Void
    ) throws(Failure) -> ProgramResult {
        runs.append(program)
        let arguments = program.arguments
        if let failing, arguments.contains(failing) {
            onLine(.error, Array("W: something else".utf8))
            onLine(.error, Array("E: Failed to fetch http://deb.debian.org/x  404  Not Found".utf8))
            return ProgramResult(end: .exited(100))
        }
        if arguments.contains("-s") {
            for line in try simulate(program, editor) { onLine(.output, Array(line.utf8)) }
        } else if arguments.contains("update") {
            try editor.write("fresh", to: "/var/lib/apt/lists/deb.debian.org_Packages")
            try editor.remove("/var/lib/apt/lists/old_Packages")
        } else {
            policies.append(try editor.text("/usr/sbin/policy-rc.d"))
            try install(arguments, editor)
        }
        return ProgramResult(end: .exited(0))
    }

    private func simulate(_ program: GuestProgram, _ editor: TreeEditor) throws(Failure) -> [String] {
        let arguments = program.arguments
        var status = try editor.text("/var/lib/dpkg/status") ?? ""
        for (path, bytes) in program.files where arguments.contains("Dir::State::status=\(path)") {
            status = String(decoding: bytes, as: UTF8.self)
        }
        let named = arguments.firstIndex(of: "--only-upgrade").map { Set(arguments[($0 + 1)...]) }
        var kept: [String] = []
        var lines: [String] = []
        for (name, version, want) in Self.packages(status) {
            guard let offer = offers[name], offer.version != version, named?.contains(name) ?? true else { continue }
            if want == "hold" || stuck.contains(name) {
                kept.append(name)
            } else {
                lines.append("Inst \(name) [\(version)] (\(offer.version) \(offer.archive) [amd64])")
            }
        }
        if !lines.isEmpty { lines += new.map { "Inst \($0.key) (\($0.value) Debian:12/stable [all])" } }
        return kept.isEmpty ? lines : ["The following packages have been kept back:", "  " + kept.joined(separator: " ")] + lines
    }

    private func install(_ arguments: [String], _ editor: TreeEditor) throws(Failure) {
        var wanted: [String: String] = [:]
        for argument in arguments where !argument.hasPrefix("-") && !argument.contains("::") {
            let parts = argument.split(separator: "=").map(String.init)
            if parts.count == 2, !forgotten.contains(parts[0]) { wanted[parts[0]] = parts[1] }
        }
        var text = ""
        for (name, version, want) in Self.packages(try editor.text("/var/lib/dpkg/status") ?? "") {
            text += Self.stanza(name, wanted.removeValue(forKey: name) ?? version, want: want)
        }
        for (name, version) in wanted.sorted(by: { $0.key < $1.key }) {
            text += Self.stanza(name, version, architecture: new[name] == nil ? "amd64" : "all")
        }
        try editor.write(text, to: "/var/lib/dpkg/status")
        try editor.write("Package: all-manual-now\n\n", to: "/var/lib/apt/extended_states")
        try editor.write("deb", to: "/var/cache/apt/archives/openssl.deb")
    }

    static func stanza(_ name: String, _ version: String, want: String = "install", architecture: String = "amd64") -> String {
        "Package: \(name)\nStatus: \(want) ok installed\nArchitecture: \(architecture)\nVersion: \(version)\n\n"
    }

    private static func packages(_ status: String) -> [(name: String, version: String, want: String)] {
        status.split(separator: "\n\n").map { stanza in
            func field(_ name: String) -> String {
                let line = stanza.split(separator: "\n").first { $0.hasPrefix("\(name): ") }
                return String(line?.dropFirst(name.count + 2) ?? "")
            }
            return (field("Package"), field("Version"), String(field("Status").prefix { $0 != " " }))
        }
    }
}
