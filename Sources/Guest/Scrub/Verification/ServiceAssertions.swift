import ImageStore
import Model

/// No log says anything.
struct AssertLogsEmpty: ScrubAssertion {
    static let name = "logs"

    func check(_ look: ScrubLook) throws(Failure) {
        for (path, node) in look.matched {
            if let size = try size(of: node, look), size > 0 { look.report("\(path.escaped) has \(size) bytes") }
        }
    }

    private func size(of node: Node, _ look: ScrubLook) throws(Failure) -> UInt64? {
        if case .hardLink(let file) = node.kind { return try look.view.node(at: file)?.content?.size }
        return node.content?.size
    }
}

/// The example certificate is gone, and where its maker is installed something makes a new one.
struct AssertNoExampleCertificate: ScrubAssertion {
    static let name = "snakeoil"

    func check(_ look: ScrubLook) throws(Failure) {
        for (path, _) in look.matched { look.report("\(path.escaped) is there") }
        let wants: TreePath = "/etc/systemd/system/multi-user.target.wants/ingot-example-certificate.service"
        for (name, node) in try look.view.children(of: "/etc/ssl/certs") ?? [] {
            guard case .symlink(let target) = node.kind else { continue }
            if String(decoding: target, as: UTF8.self).hasSuffix("ssl-cert-snakeoil.pem") {
                look.report("/etc/ssl/certs/\(name) leads to the example certificate")
            }
        }
        // A link that is there leads to a unit that can run.
        guard try look.view.node(at: wants) != nil else { return }
        for needed in [wants, "/usr/sbin/make-ssl-cert"] as [TreePath] where try !look.view.exists(needed) {
            look.report("the unit that would make a new certificate cannot run: \(needed) is missing")
        }
    }
}

/// No file with the usual names is a core dump.
struct AssertNoCoreFiles: ScrubAssertion {
    static let name = "core-files"

    func check(_ look: ScrubLook) throws(Failure) {
        for (path, node) in look.matched {
            guard case .file(let content, _) = node.kind, let first = try content.extents(from: look.view.objects).first,
                let bytes = try first.data(from: look.view.objects)
            else { continue }
            // readelf -h: "Type: CORE"
            let type = bytes.dropFirst(16).prefix(2)
            if bytes.prefix(4) == [0x7F, 0x45, 0x4C, 0x46] && (type == [4, 0] || type == [0, 4]) {
                look.report("\(path.escaped) is a core dump")
            }
        }
    }
}

/// Neither the usual swap files are there, nor those that fstab names.
struct AssertNoSwapFiles: ScrubAssertion {
    static let name = "swap"

    func check(_ look: ScrubLook) throws(Failure) {
        for (path, _) in look.matched { look.report("\(path.escaped) is there") }
        for (index, line) in (try look.lines(try look.view.resolve("/etc/fstab")) ?? []).enumerated() {
            let fields = String(decoding: line, as: UTF8.self).split { $0 == " " || $0 == "\t" }
            guard fields.count > 2, fields[2] == "swap", fields[0].hasPrefix("/"), !fields[0].hasPrefix("/dev/") else { continue }
            look.report("/etc/fstab swaps to \(fields[0]) in line \(index + 1)")
        }
    }
}

/// No path has an attribute of users.
struct AssertNoUserAttributes: ScrubAssertion {
    static let name = "user-attributes"

    func check(_ look: ScrubLook) throws(Failure) {
        for (path, node) in look.matched {
            for attribute in node.metadata.attributes where String(decoding: attribute.name, as: UTF8.self).hasPrefix("user.") {
                look.report("\(path.escaped) has the attribute \(String(decoding: attribute.name, as: UTF8.self))")
            }
        }
    }
}
