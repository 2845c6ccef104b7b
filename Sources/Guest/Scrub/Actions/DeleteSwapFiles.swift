import ImageStore
import Model

/// `swap`: the usual swap files, and those that fstab names, with their lines there: a line of a file that is gone would stop the
/// start. Swap on a device stays.
package struct DeleteSwapFiles: ScrubKind {
    package static let name = "swap"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        var paths = Set(try work.targets())
        let table = try work.editor.resolve("/etc/fstab")
        if let bytes = try work.bytes(table) {
            var file = LineFile(bytes)
            let named = file.lines.compactMap { Self.swapFile($0) }
            for path in named where try work.isFile(path) { paths.insert(path) }
            file.lines.removeAll { Self.swapFile($0) != nil }
            if !named.isEmpty { try work.replace(table, with: file.bytes) }
        }
        try DeletePaths.delete(paths.sorted(), work)
    }

    /// The file that a line of fstab(5) swaps to; nil for other lines.
    private static func swapFile(_ line: [UInt8]) -> TreePath? {
        let words = line.split { $0 == 0x20 || $0 == 0x09 }
        guard words.count > 2, words[0].first == 0x2F, words[2].elementsEqual("swap".utf8) else { return nil }
        if words[0].starts(with: "/dev/".utf8) { return nil }
        do throws(Failure) { return try TreePath(parsing: Array(words[0])) } catch { return nil }
    }
}
