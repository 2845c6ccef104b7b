import Model
import Platform
import Synchronization

/// Lists the folders of a stored tree, and the pages of large ones, by several threads.
final class TreeWalk: Sendable {
    private let contents: @Sendable (FolderContents.Inner) throws(Failure) -> FolderContents
    private let state: Mutex<State>
    /// Folders and pages that are met and not done.
    private let left: Atomic<Int>
    /// What is to be entered before anything else.
    private let first: [FolderContents.Inner]

    private struct State {
        var listing: TreeListing
        var failure: Failure?
    }

    /// So many may wait; more are entered at once.
    private static let mostWaiting = 10_000

    init(_ top: FolderContents, _ contents: @escaping @Sendable (FolderContents.Inner) throws(Failure) -> FolderContents) {
        self.contents = contents
        var listing = TreeListing()
        first = listing.append(top, in: nil)
        left = Atomic(first.count)
        state = Mutex(State(listing: listing))
    }

    func listing() throws(Failure) -> TreeListing {
        // Without a pipe for the threads this one enters all.
        if let queue = try? TaskQueue(limit: Self.mostWaiting), !first.isEmpty {
            add(first, to: queue)
            Threads.concurrently(Threads.available) { _ in queue.run() }
        } else {
            for folder in first { enter(folder, nil) }
        }
        let (listing, failure) = state.withLock { ($0.listing, $0.failure) }
        if let failure { throw failure }
        // A listing that is cut off would make a tree look clean.
        guard left.load(ordering: .relaxed) == 0 else { throw Failure(.bug, "threads left before all folders were listed") }
        return listing
    }

    private func add(_ folders: [FolderContents.Inner], to queue: TaskQueue?) {
        for folder in folders where queue?.add({ self.enter(folder, queue) }) != true { enter(folder, queue) }
    }

    private func enter(_ folder: FolderContents.Inner, _ queue: TaskQueue?) {
        var inner: [FolderContents.Inner] = []
        if state.withLock({ $0.failure == nil }) {
            do throws(Failure) {
                let contents = try contents(folder)
                inner = state.withLock { $0.listing.append(contents, in: folder.outer) }
            } catch { state.withLock { if $0.failure == nil { $0.failure = error } } }
        }
        left.wrappingAdd(inner.count, ordering: .relaxed)
        add(inner, to: queue)
        if left.wrappingSubtract(1, ordering: .relaxed).newValue == 0 { queue?.close() }
    }
}
