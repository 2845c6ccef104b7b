import Crypto
import Model
import Platform
import Synchronization

/// Reads every byte of a store and compares it with its digest, then walks the images and looks for what they miss.
package struct StoreCheck: Sendable {
    /// What a check saw and found.
    package struct Report: Sendable {
        package var packs = 0
        package var objects = 0
        /// Bytes of objects that were read, decompressed and hashed.
        package var bytes: UInt64 = 0
        package var findings: [Finding] = []

        package var isSound: Bool { findings.isEmpty }

        /// Of a store that was not looked at.
        package static let nothing = Report()
    }

    /// Something that is not as it must be.
    package struct Finding: Sendable, Hashable, Codable {
        /// The pack, object or path that is damaged.
        package var subject: String
        package var problem: String
        /// The images and paths that need it; empty where no image does.
        package var affects: [String]

        package init(subject: String, problem: String, affects: [String]) {
            self.subject = subject
            self.problem = problem
            self.affects = affects
        }
    }

    private let store: ObjectStore
    private let progress: @Sendable (_ done: UInt64, _ total: UInt64) -> Void

    package init(_ store: ObjectStore, progress: @escaping @Sendable (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }) {
        self.store = store
        self.progress = progress
    }

    /// `images` are the roots that must be whole, each with a name for people. Objects found damaged or missing are marked, so that
    /// the next import or copy of the same content stores them anew.
    package func run(images: [(name: String, root: Digest)]) throws(Failure) -> Report {
        try store.reload()
        var report = Report()
        try unreadablePacks(&report)
        let packs = store.openPacks
        report.packs = packs.count
        let damaged = try verify(packs, &report)
        var affected: [Digest: [String]] = [:]
        for image in images { try walk(image.name, image.root, damaged, &affected) }
        for (digest, pack) in damaged.sorted(by: { $0.key < $1.key }) {
            report.findings.append(
                Finding(
                    subject: "object \(digest.hex)", problem: "its bytes are not what its digest says, in \(pack)",
                    affects: affected[digest] ?? []))
        }
        for (digest, paths) in affected.sorted(by: { $0.key < $1.key }) where damaged[digest] == nil {
            report.findings.append(Finding(subject: "object \(digest.hex)", problem: "it is missing", affects: paths))
        }
        try mark(Set(damaged.keys).union(affected.keys))
        return report
    }

    /// Files in the packs folder that cannot be opened as packs.
    private func unreadablePacks(_ report: inout Report) throws(Failure) {
        let open = Set(store.openPacks.map { Files.name(of: $0.path) })
        for name in try store.packNames() where !open.contains(name) {
            report.findings.append(Finding(subject: "pack \(name)", problem: "it is not a whole pack", affects: []))
        }
    }

    /// The objects that no pack has sound, with the pack that was read.
    private func verify(_ packs: [Pack], _ report: inout Report) throws(Failure) -> [Digest: String] {
        let work = packs.flatMap { pack in
            stride(from: 0, to: pack.count, by: 256).map { (pack: pack, range: $0..<min($0 + 256, pack.count)) }
        }
        let total = UInt64(packs.reduce(0) { $0 + $1.size })
        let shared = Tally()
        let store = store
        let progress = progress
        try Threads.forEach(below: work.count) { (index) throws(Failure) in
            let (pack, range) = work[index]
            if store.environment.cancellation.isCancelled { throw Failure(.cancelled, "the check was cancelled") }
            for position in range {
                let digest = pack.digest(at: position)
                let entry = pack.entry(at: position)
                let isSound =
                    (try? pack.stored(entry)).map { stored in store.codecs.with { $0.decode(stored.span, entry, digest) != nil } }
                    ?? false
                shared.count(digest, entry, isSound: isSound, pack: Files.name(of: pack.path))
            }
            progress(shared.storedBytes, total)
        }
        for pack in packs where !pack.verifyIndex() {
            report.findings.append(
                Finding(subject: "pack \(Files.name(of: pack.path))", problem: "its index is not what its end says", affects: [])
            )
        }
        report.objects = shared.objects
        report.bytes = shared.bytes
        return shared.damaged
    }

    private func walk(_ name: String, _ root: Digest, _ damaged: [Digest: String], _ affected: inout [Digest: [String]])
        throws(Failure)
    {
        try Closure.forEach(from: root, in: store) { (digest, _, path) throws(Failure) in
            let stored = store.name(of: digest)
            if damaged[stored] == nil && store.contains(name: stored) { return true }
            affected[stored, default: []].append("\(name):\(path)")
            return false
        }
    }

    private func mark(_ damaged: Set<Digest>) throws(Failure) {
        let path = Marks.damagedPath(store.folder)
        do throws(SystemError) {
            if damaged.isEmpty {
                if Files.exists(path) { try Files.remove(path) }
            } else {
                try Marks.write(path, damaged.map(\.hex).sorted())
            }
        } catch { throw Failure(.io, "the damaged objects cannot be marked", cause: error) }
    }

    private final class Tally: Sendable {
        private struct State {
            var objects = 0
            var bytes: UInt64 = 0
            var storedBytes: UInt64 = 0
            var damaged: [Digest: String] = [:]
            var sound: Set<Digest> = []
        }
        private let state = Mutex(State())

        func count(_ digest: Digest, _ entry: PackEntry, isSound: Bool, pack: String) {
            state.withLock {
                $0.objects += 1
                $0.bytes += UInt64(entry.length)
                $0.storedBytes += UInt64(entry.storedLength)
                if isSound { $0.sound.insert(digest) } else { $0.damaged[digest] = pack }
            }
        }

        var objects: Int { state.withLock { $0.objects } }
        var bytes: UInt64 { state.withLock { $0.bytes } }
        var storedBytes: UInt64 { state.withLock { $0.storedBytes } }
        /// Without those that another pack has sound.
        var damaged: [Digest: String] { state.withLock { state in state.damaged.filter { !state.sound.contains($0.key) } } }
    }
}
