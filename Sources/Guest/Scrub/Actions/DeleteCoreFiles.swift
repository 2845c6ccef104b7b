import ImageStore
import Model

/// `core-files`: files that are core dumps, by what they hold: ELF of the type `ET_CORE`.
package struct DeleteCoreFiles: ScrubKind {
    package static let name = "core-files"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        var dumps: [TreePath] = []
        for path in try work.targets() {
            if let content = try work.editor.resolvedNode(path)?.content, try isDump(content, of: work.editor.objects) {
                dumps.append(path)
            }
        }
        try DeletePaths.delete(dumps, work)
    }

    /// The type is the word behind the 16 bytes of the identification, in the byte order that the sixth of these names (gabi).
    private func isDump(_ content: FileContent, of objects: any ObjectReader) throws(Failure) -> Bool {
        guard content.size >= 18, let head = try content.extents(from: objects).first?.data(from: objects), head.count >= 18
        else {
            return false
        }
        guard head.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { return false }
        return head[5] == 2 ? head[16] == 0 && head[17] == 4 : head[16] == 4 && head[17] == 0
    }
}
