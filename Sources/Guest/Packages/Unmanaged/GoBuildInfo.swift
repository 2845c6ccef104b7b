import ImageStore
import Model

/// What the Go linker writes into a program (debug/buildinfo): the version of Go, and the modules that it was built from.
///
///     "\xff Go buildinf:"  pointer size  flags  …  at 32, since Go 1.18: length and text of the version, length and text of the modules
struct GoBuildInfo {
    let goVersion: String
    /// Path and version, as `go version -m` shows them; the main module comes first.
    private(set) var modules: [(path: String, version: String)] = []
    /// The lines of the modules are framed by sixteen bytes on each side.
    private static let frame = 16
    private static let magic = Array("\u{FF} Go buildinf:".unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
    private static let maximumText = 4 << 20

    /// Nil for a program that Go did not make, or before version 1.18.
    init?(_ content: FileContent, in objects: any ObjectReader) throws(Failure) {
        var tail: [UInt8] = []
        var found: [UInt8]?
        for extent in try content.extents(from: objects) {
            guard let bytes = try extent.data(from: objects) else {
                if found != nil { break }
                tail = []
                continue
            }
            if let begun = found {
                found = begun + bytes
            } else {
                let window = tail + bytes
                if let start = Self.position(in: window) {
                    found = Array(window[start...])
                } else {
                    tail = Array(window.suffix(Self.magic.count + 16))
                }
            }
            if let found, found.count > Self.maximumText { break }
        }
        guard let found, let info = Self.read(found) else { return nil }
        self = info
    }

    private init(goVersion: String) { self.goVersion = goVersion }

    /// The record is aligned to sixteen bytes.
    private static func position(in bytes: [UInt8]) -> Int? {
        guard bytes.count >= 32 else { return nil }
        var index = 0
        while index + 32 <= bytes.count {
            if bytes[index] == 0xFF, bytes[index + 1] == 0x20, bytes[index..<(index + magic.count)].elementsEqual(magic) {
                return index
            }
            index += 1
        }
        return nil
    }

    private static func read(_ bytes: [UInt8]) -> GoBuildInfo? {
        // The second flag: texts stand here, and not behind pointers.
        guard bytes.count > 32, bytes[15] & 2 != 0 else { return nil }
        var next = 32
        guard let version = text(bytes, &next), let modules = text(bytes, &next) else { return nil }
        var info = GoBuildInfo(goVersion: String(decoding: version, as: UTF8.self))
        guard modules.count > 2 * frame else { return info }
        for line in modules.dropFirst(frame).dropLast(frame).split(separator: 0x0A) {
            let words = line.split(separator: 0x09, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
            guard words.count >= 3 else { continue }
            switch words[0] {
            case "mod", "dep": info.modules.append((words[1], words[2]))
            // A replacement takes the place of the module before it.
            case "=>": if let last = info.modules.indices.last { info.modules[last] = (words[1], words[2]) }
            default: break
            }
        }
        return info
    }

    /// An unsigned number of base 128, and that many bytes.
    private static func text(_ bytes: [UInt8], _ next: inout Int) -> ArraySlice<UInt8>? {
        var (length, shift) = (0, 0)
        while next < bytes.count, shift < 35 {
            let byte = bytes[next]
            next += 1
            length |= Int(byte & 0x7F) << shift
            shift += 7
            if byte & 0x80 == 0 {
                guard length <= maximumText, next + length <= bytes.count else { return nil }
                defer { next += length }
                return bytes[next..<(next + length)]
            }
        }
        return nil
    }

    /// The program as `stdlib` of its Go, and its modules.
    func software(at path: TreePath) -> [UnmanagedSoftware] {
        let version = goVersion.hasPrefix("go") ? String(goVersion.dropFirst(2).prefix { $0 != " " }) : goVersion
        return [UnmanagedSoftware(kind: .goProgram, name: "stdlib", version: version, path: path)]
            + modules.map { UnmanagedSoftware(kind: .goModule, name: $0.path, version: $0.version, path: path) }
    }
}
