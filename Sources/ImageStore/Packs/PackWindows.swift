import Model

/// Pieces of packs that were read for small objects: the directories of a tree lie near each other, so that one read serves many of
/// them. What a piece holds is verified object by object, like anything that is read.
struct PackWindows {
    private struct Window {
        /// Of the pack; 0 for none.
        var number: UInt64 = 0
        /// Where the window begins, in multiples of `step`.
        var position = 0
        var bytes = [UInt8](repeating: 0, count: PackWindows.step + PackWindows.largestObject)
    }

    /// Larger objects are read by themselves.
    private static let largestObject = 4096
    /// Windows begin at multiples of this, and overlap by the largest object, so that each object lies in one of them.
    private static let step = 16 << 10
    private static let most = 8

    private var windows: [Window] = []
    /// The window that was used last, and the one to give up next.
    private var last = 0
    private var oldest = 0

    /// The stored bytes of an entry, as they are.
    mutating func stored(_ entry: PackEntry, in pack: Pack) throws(Failure) -> ArraySlice<UInt8> {
        guard entry.storedLength <= Self.largestObject else { return try pack.stored(entry)[...] }
        try pack.check(entry)
        let position = entry.offset / Self.step
        if !holds(last, pack, position) {
            if let index = windows.indices.first(where: { holds($0, pack, position) }) {
                last = index
            } else {
                try open(pack, position)
            }
        }
        let start = entry.offset - position * Self.step
        return windows[last].bytes[start..<start + entry.storedLength]
    }

    private func holds(_ index: Int, _ pack: Pack, _ position: Int) -> Bool {
        index < windows.count && windows[index].position == position && windows[index].number == pack.number
    }

    private mutating func open(_ pack: Pack, _ position: Int) throws(Failure) {
        if windows.count < Self.most {
            last = windows.count
            windows.append(Window())
        } else {
            last = oldest
            oldest = (oldest + 1) % Self.most
        }
        // While it is read it holds neither the old bytes nor the new ones.
        windows[last].number = 0
        try pack.read(into: &windows[last].bytes, count: Self.step + Self.largestObject, at: position * Self.step)
        windows[last].number = pack.number
        windows[last].position = position
    }
}
