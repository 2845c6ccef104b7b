import ImageStore
import Model

/// File systems that are mounted, and volumes that are opened, at boot.
struct MountChanges: SemanticCategory {
    static let name = "mounts"
    static let title = "Mounts"

    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] { [MountTable.file, EncryptedVolumes.file] }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let (old, new) = try trees.both { (view) throws(Failure) in
            lastOfEach(
                try MountTable(view).entries.map { mount in
                    let isSwap = mount.type == "swap"
                    return (
                        isSwap ? "swap \(mount.source)" : mount.mountPoint,
                        "\(mount.source) \(mount.type) \(mount.options.joined(separator: ","))"
                    )
                }
                    + EncryptedVolumes.all(in: view).map { volume in
                        ("encrypted \(volume.name)", "\(volume.device), key \(volume.keyFile ?? "asked for")")
                    })
        }
        return compare(old, new) { _, _, _ in true }
    }
}
