import Model
import Text

/// Finds byte sequences in the files of a tree, without holding a file in memory.
package struct ContentSearch {
    /// Each at least one byte long.
    private let needles: [[UInt8]]
    private let longest: Int

    package init(_ needles: [[UInt8]]) {
        self.needles = needles.filter { !$0.isEmpty }
        longest = needles.map(\.count).max() ?? 0
    }

    /// Finds a text as it is, and in base64 at any place of what was encoded.
    package init(formsOf text: String) {
        let plain = Array(text.utf8)
        self.init([plain] + Base64Forms.forms(of: plain))
    }

    /// The position of a needle that occurs in the node's content, link target or attributes; nil for none.
    package func match(in node: Node, of objects: any ObjectReader) throws(Failure) -> Int? {
        for attribute in node.metadata.attributes {
            if let found = match(in: attribute.value) { return found }
        }
        switch node.kind {
        case .file(let content, _): return try match(in: content, of: objects)
        case .symlink(let target): return match(in: target)
        default: return nil
        }
    }

    private func match(in content: FileContent, of objects: any ObjectReader) throws(Failure) -> Int? {
        // What may be the beginning of a needle that ends in the next part.
        var tail: [UInt8] = []
        for extent in try content.extents(from: objects) {
            guard let bytes = try extent.data(from: objects) else {
                tail = []
                continue
            }
            let window = tail + bytes
            if let found = match(in: window) { return found }
            tail = Array(window.suffix(max(0, longest - 1)))
        }
        return nil
    }

    package func match(in bytes: [UInt8]) -> Int? {
        needles.firstIndex { Self.contains($0, in: bytes) }
    }

    /// The search of Horspool: looks at the last byte of where the needle could stand, and goes as far as that allows.
    static func contains(_ needle: [UInt8], in bytes: [UInt8]) -> Bool {
        let last = needle.count - 1
        guard bytes.count > last else { return false }
        var skips = [Int](repeating: needle.count, count: 256)
        for (position, byte) in needle.dropLast().enumerated() { skips[Int(byte)] = last - position }
        var end = last
        while end < bytes.count {
            let byte = bytes[end]
            if byte == needle[last] && needle.elementsEqual(bytes[(end - last)...end]) { return true }
            end += skips[Int(byte)]
        }
        return false
    }
}
