import ImageStore
import Model

struct AssertMachineID: ScrubAssertion {
    static let name = "machine-id"

    func check(_ look: ScrubLook) throws(Failure) {
        let path: TreePath = "/etc/machine-id"
        guard let node = try look.view.node(at: path) else {
            if try look.view.exists(anyOf: ["/usr/lib/systemd/systemd", "/lib/systemd/systemd"]) {
                look.report("\(path) is missing, so that systemd would enable all units again that its presets allow")
            }
            return
        }
        guard let lines = try look.lines(path) else { return look.report("\(path) is not a regular file") }
        let text = lines.map { String(decoding: $0, as: UTF8.self) }
        let presetsDisable = ["amzn", "rhel", "fedora", "centos"].contains { look.os.isLike($0) }
        if text != (presetsDisable ? ["uninitialized", ""] : []) && text != (presetsDisable ? ["uninitialized"] : [""]) {
            look.report("\(path) holds something else than an image's should")
        }
        if node.metadata.mode != 0o444 { look.report("\(path) has the mode \(String(node.metadata.mode, radix: 8)) and not 444") }
    }
}

struct AssertDBusMachineID: ScrubAssertion {
    static let name = "dbus-machine-id"

    func check(_ look: ScrubLook) throws(Failure) {
        for (path, node) in look.matched {
            if case .symlink(let target) = node.kind, target == Array("/etc/machine-id".utf8) { continue }
            look.report("\(path.escaped) is no link to /etc/machine-id")
        }
    }
}

struct AssertHosts: ScrubAssertion {
    static let name = "hosts"

    func check(_ look: ScrubLook) throws(Failure) {
        for (path, lines) in try look.files() {
            for (index, line) in lines.enumerated() {
                let text = String(decoding: line.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self)
                let words = text.split { $0 == " " || $0 == "\t" }
                guard words.count > 1 else { continue }
                if words[0] == "127.0.1.1" || words.dropFirst().contains(where: { isAddressName($0) }) {
                    look.report("\(path.escaped) names the build host in line \(index + 1)")
                }
            }
        }
    }

    /// `ip-10-0-0-7.ec2.internal`
    private func isAddressName(_ name: Substring) -> Bool {
        guard name.hasPrefix("ip-"), let short = name.split(separator: ".").first else { return false }
        let numbers = short.dropFirst(3).split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        return numbers.count == 4 && numbers.allSatisfy { $0.map { (0...255).contains($0) } ?? false }
    }
}

struct AssertNoOwnResolver: ScrubAssertion {
    static let name = "resolv-conf"

    func check(_ look: ScrubLook) throws(Failure) {
        for (path, node) in look.matched where !node.isSymlink { look.report("\(path.escaped) is a file and no link") }
    }
}

struct AssertBootEntries: ScrubAssertion {
    static let name = "boot-entries"

    func check(_ look: ScrubLook) throws(Failure) {
        for (path, lines) in try look.files() {
            guard let name = path.last?.description else { continue }
            let start =
                name == "entry-token" ? String(decoding: lines.first ?? [], as: UTF8.self) : String(name.prefix { $0 != "-" })
            if start.utf8.count == 32, start.allSatisfy({ "0123456789abcdef".contains($0) }) {
                look.report("\(path.escaped) holds a machine id")
            }
        }
    }
}

struct AssertISCSIInitiator: ScrubAssertion {
    static let name = "iscsi-initiator"

    func check(_ look: ScrubLook) throws(Failure) {
        for (path, lines) in try look.files() {
            let names = lines.map { String(decoding: $0, as: UTF8.self) }.filter { $0.contains("=") && !$0.hasPrefix("#") }
            if !look.os.isLike("debian") || names != ["GenerateName=yes"] { look.report("\(path.escaped) names an initiator") }
        }
    }
}
