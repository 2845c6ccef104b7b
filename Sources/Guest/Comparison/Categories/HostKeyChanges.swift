import ImageStore
import Model

/// Host keys of ssh: with one in the image, all its instances are the same to their clients, and whoever has the image has the key.
struct HostKeyChanges: SemanticCategory {
    static let name = "host-keys"
    static let title = "ssh host keys"

    func sources(_ trees: ComparedTrees) throws(Failure) -> [TreeDiff.Change] {
        trees.changes.filter { $0.path.parent == "/etc/ssh" && $0.path.last?.description.hasPrefix("ssh_host_") == true }
    }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        sources.filter { $0.kind != .metadata }.map { source in
            let isPublic = source.path.last?.description.hasSuffix(".pub") == true
            return change(
                source.path.escaped, source.before == nil ? nil : "", source.after == nil ? nil : "",
                note: source.kind == .modified ? "another key" : isPublic ? "" : "private key", matters: !isPublic)
        }
    }
}
