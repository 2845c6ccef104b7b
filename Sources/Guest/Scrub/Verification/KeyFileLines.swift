import ImageStore
import Model

/// The words behind a keyword in whatever of sshd's configuration lies in an image: every file below its folders, whether sshd would read
/// it or not, and every file that an Include there names. A simpler reading than sshd's, and one that can only see more.
struct KeyFileLines {
    private static let folders: [TreePath] = ["/etc/ssh", "/usr/etc/ssh"]
    private static let maximumFiles = 2000
    private static let maximumSize: UInt64 = 1 << 20
    private static let maximumDepth = 16

    private let view: any TreeView
    private var seen: Set<TreePath> = []
    private var lines: [[String]] = []

    init(in view: any TreeView) throws(Failure) {
        self.view = view
        for folder in Self.folders { try visit(try view.resolve(folder), 0) }
    }

    func values(of keyword: String) -> [String] {
        lines.filter { $0.first?.lowercased() == keyword.lowercased() }.flatMap { $0.dropFirst() }
    }

    private mutating func visit(_ path: TreePath, _ depth: Int) throws(Failure) {
        guard depth <= Self.maximumDepth, let node = try view.resolvedNode(path) else { return }
        if node.isDirectory {
            for (name, _) in try view.children(of: try view.resolve(path)) ?? [] { try visit(path.appending(name), depth + 1) }
            return
        }
        guard let content = node.content, content.size <= Self.maximumSize, seen.insert(path).inserted else { return }
        guard seen.count <= Self.maximumFiles else {
            throw Failure(.exhausted, "sshd's configuration has more than \(Self.maximumFiles) files")
        }
        for line in try view.read(path, limit: Int(Self.maximumSize))?.split(separator: 0x0A) ?? [] {
            let words = Self.words(line)
            guard let first = words.first else { continue }
            lines.append(words)
            guard first.lowercased() == "include" else { continue }
            for pattern in words.dropFirst() {
                for file in try NamePattern.expand(pattern.hasPrefix("/") ? pattern : "/etc/ssh/" + pattern, in: view) {
                    try visit(file, depth + 1)
                }
            }
        }
    }

    private static func words(_ line: ArraySlice<UInt8>) -> [String] {
        let text = String(decoding: line, as: UTF8.self)
        return text.split { " \t\r=\"".contains($0) }.map(String.init)
    }
}
