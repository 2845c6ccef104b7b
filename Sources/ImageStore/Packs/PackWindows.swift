import Model
import Platform

/// The stretches of packs that one thread looked into last.
struct PackWindows {
    private struct Window {
        let pack: UInt64
        let position: Int
        let bytes: MappedFile
    }

    private static let most = 8

    private var windows: [Window] = []
    /// The window that was used last, and the one to give up next.
    private var last = 0
    private var oldest = 0

    /// Where the stored bytes of an entry are mapped; nil where they have to be read.
    mutating func mapped(_ entry: PackEntry, in pack: Pack) throws(Failure) -> (bytes: MappedFile, range: Range<Int>)? {
        guard entry.storedLength <= PackStretches.largestObject else { return nil }
        try pack.check(entry)
        let position = entry.offset / PackStretches.step
        if !holds(last, pack, position) {
            if let index = windows.indices.first(where: { holds($0, pack, position) }) {
                last = index
            } else {
                guard let bytes = pack.stretch(position) else { return nil }
                add(Window(pack: pack.number, position: position, bytes: bytes))
            }
        }
        let start = entry.offset - position * PackStretches.step
        return (windows[last].bytes, start..<start + entry.storedLength)
    }

    private func holds(_ index: Int, _ pack: Pack, _ position: Int) -> Bool {
        index < windows.count && windows[index].position == position && windows[index].pack == pack.number
    }

    private mutating func add(_ window: Window) {
        if windows.count < Self.most {
            last = windows.count
            return windows.append(window)
        }
        last = oldest
        oldest = (oldest + 1) % Self.most
        windows[last] = window
    }
}
