import Model
import Platform

/// Stretches of packs that are mapped for small objects: the directories of a tree lie near each other, so that one mapping serves many
/// of them. What a stretch holds is verified object by object, like anything that is read. Few are mapped at a time, so that reading
/// all of a store does not hold all of it in memory.
struct PackWindows {
    private struct Place: Equatable {
        /// Of the pack.
        let pack: UInt64
        /// Where the window begins, in multiples of `step`.
        let position: Int
    }

    private struct Window {
        let place: Place
        let bytes: MappedFile
    }

    /// Larger objects are read by themselves.
    private static let largestObject = 4096
    /// Windows begin at multiples of this, and overlap by the largest object, so that each object lies in one of them.
    private static let step = 1 << 20
    private static let most = 8

    private var windows: [Window] = []
    /// The window that was used last, and the one to give up next.
    private var last = 0
    private var oldest = 0
    /// Where an object was asked for lately without a window, and the one to forget next.
    private var missed: [Place] = []
    private var oldestMissed = 0

    /// Where the stored bytes of a small entry are mapped. Nil where they had better be read: a stretch is mapped when a second object of it is
    /// asked for, since objects far from each other would each cost a mapping.
    mutating func mapped(_ entry: PackEntry, in pack: Pack) throws(Failure) -> (bytes: MappedFile, range: Range<Int>)? {
        guard entry.storedLength <= Self.largestObject else { return nil }
        try pack.check(entry)
        let place = Place(pack: pack.number, position: entry.offset / Self.step)
        if last >= windows.count || windows[last].place != place {
            if let index = windows.firstIndex(where: { $0.place == place }) {
                last = index
            } else if missed.contains(place) {
                try open(place, in: pack)
            } else {
                miss(place)
                return nil
            }
        }
        let start = entry.offset - place.position * Self.step
        return (windows[last].bytes, start..<start + entry.storedLength)
    }

    private mutating func miss(_ place: Place) {
        if missed.count < Self.most { return missed.append(place) }
        missed[oldestMissed] = place
        oldestMissed = (oldestMissed + 1) % Self.most
    }

    private mutating func open(_ place: Place, in pack: Pack) throws(Failure) {
        let bytes = try pack.map(Self.step + Self.largestObject, at: place.position * Self.step)
        let window = Window(place: place, bytes: bytes)
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
