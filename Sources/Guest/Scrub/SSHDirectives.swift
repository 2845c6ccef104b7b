import ImageStore
import Model

/// The values that sshd's configuration gives to a keyword, in all files and all `Match` blocks (sshd_config(5)).
struct SSHDirectives {
    private let lines: [[[UInt8]]]

    init(in view: any TreeView) throws(Failure) {
        var files: [TreePath] = ["/etc/ssh/sshd_config", "/usr/etc/ssh/sshd_config"]
        for folder in ["/etc/ssh/sshd_config.d", "/usr/etc/ssh/sshd_config.d"] as [TreePath] {
            for (name, _) in try view.children(of: folder) ?? [] where name.bytes.suffix(5) == Array(".conf".utf8)[...] {
                files.append(folder.appending(name))
            }
        }
        var lines: [[[UInt8]]] = []
        for file in files where try view.resolvedNode(file)?.content != nil {
            lines += LineFile(try view.read(file, limit: 4 << 20) ?? []).lines.map { Self.words($0) }
        }
        self.lines = lines
    }

    /// The words after each line's keyword, quotes taken away.
    func values(of keyword: String) -> [[UInt8]] {
        let keyword = Array(keyword.lowercased().utf8)
        return lines.filter { $0.first?.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 } == keyword }.flatMap {
            $0.dropFirst()
        }
    }

    private static func words(_ line: [UInt8]) -> [[UInt8]] {
        if line.first(where: { $0 != 0x20 && $0 != 0x09 }) == UInt8(ascii: "#") { return [] }
        let isSeparator = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == UInt8(ascii: "=") }
        return line.split(whereSeparator: isSeparator).map { word in
            word.count >= 2 && word.first == 0x22 && word.last == 0x22 ? Array(word.dropFirst().dropLast()) : Array(word)
        }
    }
}
