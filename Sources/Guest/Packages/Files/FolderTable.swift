/// Folders by number, each once, so that what is known of one stands in a list instead of under its path. The root folder is empty.
struct FolderTable: Sendable {
    private(set) var paths: [ArraySlice<UInt8>] = []
    private var numbers: [Key: Int] = [:]

    /// A path, hashed by words: bytes one by one take several times as long.
    private struct Key: Hashable {
        let path: ArraySlice<UInt8>

        func hash(into hasher: inout Hasher) {
            var word: UInt64 = 1
            for byte in path {
                if word >> 56 != 0 {
                    hasher.combine(word)
                    word = 1
                }
                word = word << 8 | UInt64(byte)
            }
            hasher.combine(word)
        }
    }

    var count: Int { paths.count }

    /// Nil for one that is not in the table.
    subscript(path: ArraySlice<UInt8>) -> Int? { numbers[Key(path: path)] }

    /// Adds a folder if it is not there yet. Its bytes are copied: they may be a small part of a large file.
    ///
    /// - Returns: its number; that of a new one is the next.
    @discardableResult mutating func add(_ path: ArraySlice<UInt8>) -> Int { self[path] ?? addNew(Array(path)[...]) }

    /// Adds the folder around one of the table, whose bytes it shares; nil for the root folder.
    mutating func addOuter(of number: Int) -> Int? {
        guard let slash = paths[number].lastIndex(of: 0x2F) else { return nil }
        let outer = paths[number][..<slash]
        return self[outer] ?? addNew(outer)
    }

    private mutating func addNew(_ path: ArraySlice<UInt8>) -> Int {
        numbers[Key(path: path)] = count
        paths.append(path)
        return count - 1
    }
}
