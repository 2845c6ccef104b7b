import Platform
import Synchronization

/// Stretches of one pack that are mapped for small objects: the directories of a tree lie near each other, so that one mapping serves many
/// of them. All threads share them, since to give one up is dear while others run. Few are mapped at a time, so that reading all of a
/// store does not hold all of it in memory.
final class PackStretches: Sendable {
    /// Objects that are larger are read by themselves.
    static let largestObject = 4096
    /// Stretches begin at multiples of this, and overlap by the largest object, so that each object lies in one of them.
    static let step = 256 << 10
    private static let most = 16

    private struct State {
        var mapped = Recent<MappedFile>(most: PackStretches.most)
        /// Where an object was asked for lately, without a mapping.
        var asked = Recent<Void>(most: PackStretches.most)
        /// Where a thread is mapping now.
        var underWay: Set<Int> = []

        /// Whether the caller is to map what begins there.
        mutating func begins(_ position: Int) -> Bool {
            if asked[position] != nil { return underWay.insert(position).inserted }
            asked.add((), at: position)
            return false
        }
    }

    private let state = Mutex(State())

    /// The stretch that begins at a multiple of `step`. Nil where an object of it had better be read: it is mapped when a second one is asked
    /// for, since objects far from each other would each cost a mapping. Meanwhile no other thread waits: it reads.
    func stretch(_ position: Int, _ map: () -> MappedFile?) -> MappedFile? {
        let (known, isOurs) = state.withLock { state in
            let known = state.mapped[position]
            return (known, known == nil && state.begins(position))
        }
        guard isOurs else { return known }
        let bytes = map()
        state.withLock { state in
            state.underWay.remove(position)
            if let bytes { state.mapped.add(bytes, at: position) }
        }
        return bytes
    }
}

/// The last few things that were added, by their positions.
private struct Recent<Value> {
    let most: Int
    private var entries: [(position: Int, value: Value)] = []
    private var oldest = 0

    init(most: Int) { self.most = most }

    subscript(position: Int) -> Value? { entries.first { $0.position == position }?.value }

    mutating func add(_ value: Value, at position: Int) {
        if entries.count < most { return entries.append((position, value)) }
        entries[oldest] = (position, value)
        oldest = (oldest + 1) % most
    }
}
