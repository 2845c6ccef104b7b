import Cloud
import Crypto
import ImageStore
import Model

/// The snapshots of one account in one region, each with those that it builds on, and what it adds to them.
///
/// A snapshot builds on the one before it of its volume; that of an image on those of the version before it, and of the image that it was built
/// on. Of both a copy builds on what is there of them in its own region. What is under another key, or in the archive, is built on by none.
struct SnapshotLineage {
    /// What a snapshot holds, in bytes of the contents of files.
    struct Size {
        /// What it adds to those that it builds on.
        var added: Int64
        /// All of it.
        var whole: Int64
    }

    private let region: any Region
    private let snapshots: [SnapshotRecord]
    private let before: [SnapshotID: [SnapshotID]]

    init(_ region: any Region, owner: AccountID, plane: any Plane, now: Instant) throws(Failure) {
        self.region = region
        snapshots = try region.snapshots(nil).map { $0.asOf(now) }.filter {
            $0.owner == owner && $0.recycled == nil && $0.root != nil
        }
        .sorted { ($0.started, $0.id.description) < ($1.started, $1.id.description) }
        // Images that are gone are still steps to what is there.
        let images = try region.images(ImageFilter(states: Set(ImageState.allCases))).filter { $0.owner == owner }
        before = Self.edges(snapshots, ImageOrder(images, originals: try Self.originals(of: images, plane)))
    }

    /// What copies were copied from, as far as their regions are there.
    private static func originals(of images: [ImageRecord], _ plane: any Plane) throws(Failure) -> [ImageSource: ImageRecord] {
        let regions = Set(try plane.regions())
        var originals: [ImageSource: ImageRecord] = [:]
        for source in images.compactMap(\.source) where regions.contains(source.region) {
            do throws(Failure) { originals[source] = try plane.region(source.region).image(source.image) } catch {
                if error.code != .notFound { throw error }
            }
        }
        return originals
    }

    private static func edges(_ snapshots: [SnapshotRecord], _ order: ImageOrder) -> [SnapshotID: [SnapshotID]] {
        var edges: [SnapshotID: [SnapshotID]] = [:]
        for snapshot in snapshots {
            edges[snapshot.id] = (snapshot.parent.map { [$0] } ?? []) + order.before(snapshot.id)
        }
        return edges
    }

    /// The size of each, in the order of their age.
    func sizes() throws(Failure) -> [(snapshot: SnapshotRecord, size: Size)] {
        let byID = Dictionary(snapshots.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var additions: [SnapshotID: ContentAddition] = [:]
        var sizes: [(snapshot: SnapshotRecord, size: Size)] = []
        for snapshot in snapshots {
            guard let root = snapshot.root else { continue }
            guard let store = try store(of: snapshot) else {
                sizes.append((snapshot, Size(added: snapshot.logicalSize, whole: snapshot.logicalSize)))
                continue
            }
            let whole = try ContentAddition(of: root, in: store) { _ in false }
            guard isShared(snapshot) else {
                sizes.append((snapshot, Size(added: whole.contentBytes, whole: whole.contentBytes)))
                continue
            }
            // Each adds what those before it do not have, so that one of them has whatever any of them reaches.
            let known = ancestors(of: snapshot, byID).compactMap { additions[$0] }
            let added =
                try known.isEmpty
                ? whole : ContentAddition(of: root, in: store) { digest in known.contains { $0.objects.contains(digest) } }
            additions[snapshot.id] = added
            sizes.append((snapshot, Size(added: added.contentBytes, whole: whole.contentBytes)))
        }
        return sizes
    }

    /// Nil while the key of the snapshot cannot be used: then the sizes of its files are all that is known of it.
    private func store(of snapshot: SnapshotRecord) throws(Failure) -> ObjectStore? {
        do throws(Failure) { return try region.store(under: snapshot.key) } catch {
            if error.code == .denied { return nil }
            throw error
        }
    }

    /// A temporary restore is a copy of its own, besides the one in the archive.
    private func isShared(_ snapshot: SnapshotRecord) -> Bool { snapshot.tier == .standard && snapshot.restoredUntil == nil }

    /// Those that a snapshot builds on, at any distance, as far as they can share content with it.
    private func ancestors(of snapshot: SnapshotRecord, _ byID: [SnapshotID: SnapshotRecord]) -> [SnapshotID] {
        var seen: Set<SnapshotID> = [snapshot.id]
        var found: [SnapshotID] = []
        var next = before[snapshot.id] ?? []
        while let id = next.popLast() {
            guard seen.insert(id).inserted else { continue }
            next += before[id] ?? []
            guard let ancestor = byID[id], isShared(ancestor), ancestor.key == snapshot.key else { continue }
            found.append(id)
        }
        return found
    }
}

/// Which image comes before which.
private struct ImageOrder {
    private let images: [ImageID: ImageRecord]
    private let versions: [ResourceName: [ImageRecord]]
    private let copies: [ImageSource: ImageID]
    private let bySnapshot: [SnapshotID: ImageRecord]

    private let originals: [ImageSource: ImageRecord]

    init(_ images: [ImageRecord], originals: [ImageSource: ImageRecord]) {
        self.originals = originals
        self.images = Dictionary(images.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        versions = Dictionary(grouping: images.filter { $0.release != nil && $0.root != nil }) { $0.release?.recipe }
            .reduce(into: [:]) { versions, group in
                guard let recipe = group.key else { return }
                versions[recipe] = group.value.sorted { Self.isOlder($0, $1) }
            }
        copies = Dictionary(
            images.compactMap { image in image.source.map { ($0, image.id) } }, uniquingKeysWith: { first, _ in first })
        bySnapshot = images.reduce(into: [:]) { table, image in
            for volume in image.volumes { if let id = volume.snapshot, table[id] == nil { table[id] = image } }
        }
    }

    private static func isOlder(_ a: ImageRecord, _ b: ImageRecord) -> Bool {
        (a.created, a.id.description) < (b.created, b.id.description)
    }

    /// The snapshots of the images right before the one that has the snapshot, as far as they still have any.
    func before(_ snapshot: SnapshotID) -> [SnapshotID] {
        guard let image = bySnapshot[snapshot] else { return [] }
        var seen: Set<ImageID> = [image.id]
        var next = [image]
        var found: [SnapshotID] = []
        while let image = next.popLast() {
            for other in before(image) where seen.insert(other.id).inserted {
                let snapshots = other.volumes.compactMap(\.snapshot)
                // An image without snapshots leads to what was before it.
                if snapshots.isEmpty { next.append(other) } else { found += snapshots }
            }
        }
        return found
    }

    private func before(_ image: ImageRecord) -> [ImageRecord] {
        var found: [ImageRecord] = []
        // A copy has no parent of its own; it may be there as a copy too.
        if let parent = image.parent {
            if let here = images[parent] { found.append(here) }
        } else if let source = image.source, let parent = originals[source]?.parent {
            let copy = copies[ImageSource(region: source.region, image: parent)]
            if let here = copy.flatMap({ images[$0] }) { found.append(here) }
        }
        if let recipe = image.release?.recipe, let last = versions[recipe]?.last(where: { Self.isOlder($0, image) }) {
            found.append(last)
        }
        return found
    }
}
