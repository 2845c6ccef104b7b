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

    /// Adds a folder that is not there yet.
    mutating func number(of path: ArraySlice<UInt8>) -> Int {
        if let number = self[path] { return number }
        numbers[Key(path: path)] = count
        paths.append(path)
        return count - 1
    }
}
