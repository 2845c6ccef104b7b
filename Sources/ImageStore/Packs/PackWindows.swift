import Model
import Platform

/// Stretches of packs that are mapped for small objects: the directories of a tree lie near each other, so that one mapping serves many
/// of them. What a stretch holds is verified object by object, like anything that is read. Few are mapped at a time, so that reading
/// all of a store does not hold all of it in memory.
struct PackWindows {
    private struct Window {
        /// Of the pack.
        let number: UInt64
        /// Where the window begins, in multiples of `step`.
        let position: Int
        let bytes: MappedFile
    }

    /// Larger objects are read by themselves.
    static let largestObject = 4096
    /// Windows begin at multiples of this, and overlap by the largest object, so that each object lies in one of them.
    private static let step = 1 << 20
    private static let most = 8

    private var windows: [Window] = []
    /// The window that was used last, and the one to give up next.
    private var last = 0
    private var oldest = 0

    /// Where the stored bytes of a small entry are mapped.
    mutating func place(of entry: PackEntry, in pack: Pack) throws(Failure) -> (bytes: MappedFile, range: Range<Int>) {
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
        return (windows[last].bytes, start..<start + entry.storedLength)
    }

    private func holds(_ index: Int, _ pack: Pack, _ position: Int) -> Bool {
        index < windows.count && windows[index].position == position && windows[index].number == pack.number
    }

    private mutating func open(_ pack: Pack, _ position: Int) throws(Failure) {
        let bytes = try pack.map(Self.step + Self.largestObject, at: position * Self.step)
        let window = Window(number: pack.number, position: position, bytes: bytes)
        if windows.count < Self.most {
            last = windows.count
            windows.append(window)
        } else {
            last = oldest
            oldest = (oldest + 1) % Self.most
            windows[last] = window
        }
    }
}
