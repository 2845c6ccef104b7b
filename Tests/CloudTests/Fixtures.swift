import Cloud
import Crypto
import Ledger
import Model
import Platform
import TestSupport
import Testing

/// Testing has a `Tag` too.
typealias Tag = Model.Tag

let noon = Instant(seconds: 1_795_000_000)

func digest(_ text: String) -> Digest { SHA256.digest(of: text) }

func name<T: TextValue>(_ text: String) throws -> T { try T(parsing: text) }

func release(_ text: String) throws -> Release {
    let parts = text.split(separator: "/", maxSplits: 1)
    return Release(recipe: try name(String(parts[0])), version: try name(String(parts[1])))
}

/// A new image with one volume and what the test says.
func newImage(
    _ imageName: String, release text: String? = nil, created: Instant = noon, source: ImageSource? = nil, tags: [Tag] = [],
    token: String? = nil
) throws -> NewImage {
    NewImage(
        name: try name(imageName), description: "a test image", release: try text.map { try release($0) }, architecture: .x86,
        created: created, source: source, volumes: [VolumeMapping(deviceName: "/dev/xvda", volume: Volume(size: 8))],
        tags: try TagSet(tags), snapshotTags: try TagSet(tags), token: token ?? "token of \(imageName)")
}

extension Region {
    /// Registers an image and makes it available.
    func add(_ new: NewImage, content: String = "content") throws -> ImageRecord {
        let pending = try registerPending(new)
        return try markAvailable(pending.id, root: digest(content), logicalSize: 1000, at: noon)
    }

    /// An image in each state that there is.
    func image(in state: ImageState) throws -> ImageRecord {
        let pending = try registerPending(newImage("an image that is \(state)"))
        switch state {
        case .pending: return pending
        case .available: return try markAvailable(pending.id, root: digest("a"), logicalSize: 1, at: noon)
        case .disabled:
            _ = try markAvailable(pending.id, root: digest("a"), logicalSize: 1, at: noon)
            return try disable(pending.id)
        case .failed: return try markFailed(pending.id, reason: "no space", at: noon)
        case .deregistered:
            try deregister(pending.id, deletingSnapshots: false)
            return try image(pending.id)
        }
    }
}

func withLedger<Result>(_ body: (_ ledger: Ledger, _ path: String) throws -> Result) throws -> Result {
    try withTemporaryFolder { folder in
        let path = folder + "/ledger.db"
        return try body(try Ledger(path: path), path)
    }
}

/// The code of the failure that `body` must throw.
func failure(_ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation) -> Failure? {
    #expect(throws: Failure.self, sourceLocation: sourceLocation) { try body() }
}
