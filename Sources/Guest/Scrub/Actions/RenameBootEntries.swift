import ImageStore
import Model

/// `boot-entries`: boot loader entries whose names start with the machine id get the distribution's id in its place, as does the
/// token that kernel-install names new ones by (kernel-install(8)). An entry whose kernel lies in a folder of that id cannot be
/// renamed without a boot loader at work, and is a problem.
package struct RenameBootEntries: ScrubKind {
    package static let name = "boot-entries"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        let token = Array((work.facts.os.id.isEmpty ? "linux" : work.facts.os.id).utf8)
        for path in try work.targets() where try work.isFile(path) {
            if path.last?.bytes == Array("entry-token".utf8) {
                try resetToken(path, token, work)
            } else {
                try rename(path, token, work)
            }
        }
    }

    private func resetToken(_ path: TreePath, _ token: [UInt8], _ work: ScrubWork) throws(Failure) {
        let first = LineFile(try work.editor.read(path) ?? []).lines.first ?? []
        if Self.isMachineID(first[...]) { try work.replace(path, with: token + [0x0A]) }
    }

    private func rename(_ path: TreePath, _ token: [UInt8], _ work: ScrubWork) throws(Failure) {
        guard let name = path.last, let node = try work.editor.node(at: path), name.bytes.count > 33 else { return }
        let id = name.bytes.prefix(32)
        guard Self.isMachineID(id), name.bytes[32] == UInt8(ascii: "-"), let renamed = Name(token + name.bytes[32...]) else {
            return
        }
        let new = path.parent.appending(renamed)
        guard case .file(_, links: 1) = node.kind, try work.editor.node(at: new) == nil else {
            return work.problem("\(path.escaped) cannot be renamed to \(new.escaped): it has other names, or that name is taken")
        }
        let lines = LineFile(try work.editor.read(path) ?? []).lines
        guard !lines.contains(where: { $0.split(separator: 0x2F).contains { $0.elementsEqual(id) } }) else {
            return work.problem("\(path.escaped) boots a kernel from a folder that is named by the machine id")
        }
        try work.remove(path)
        try work.editor.put(node, at: new)
        work.note("\(path.escaped) is now \(new.escaped)")
    }

    private static func isMachineID(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count == 32 && bytes.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
