import ImageStore
import Model

/// What socket units listen on.
struct SocketChanges: SemanticCategory {
    static let name = "sockets"
    static let title = "Listening sockets"

    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] { UnitFolders.all }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let isTouched = sources.contains { $0.path.names.contains { $0.description.contains(".socket") } }
        guard isTouched else { return [] }
        let (old, new) = try trees.both { (view) throws(Failure) in
            Self.listening(try SocketListener.all(in: try UnitCatalogue(view)))
        }
        return compare(old, new) { subject, before, after in
            [before, after].contains { $0?.contains("network") == true }
        }
    }

    private static func listening(_ listeners: [SocketListener]) -> [String: String] {
        lastOfEach(
            listeners.map { ("\($0.unit)", $0) }.reduce(into: [String: [SocketListener]]()) { $0[$1.0, default: []].append($1.1) }
                .map { unit, all in
                    let text = all.map { "\($0.kind) \($0.address)" }.joined(separator: ", ")
                    return (unit, text + (all.contains(where: \.isNetwork) ? " (network)" : ""))
                })
    }
}
