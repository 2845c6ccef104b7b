import Model
import SQLite
import Synchronization

/// Images and settings of a catalogue that were read, for as long as nobody has changed the catalogue: neither this process nor
/// another one.
final class ImageCache: Sendable {
    /// Some tens of megabytes.
    static let most = 20_000
    /// So many at once are no list.
    private static let few = 16

    private struct State {
        var mark: ChangeMark?
        var images: [ImageID: ImageRecord] = [:]
        var allowed: [AccountID: AllowedImages] = [:]
    }

    private let state = Mutex(State())

    /// The account's allowed images as they are at the mark, which `read` looks up.
    func allowedImages(
        of account: AccountID, at mark: ChangeMark, _ read: () throws -> AllowedImages
    ) rethrows -> AllowedImages {
        if let known = state.withLock({ $0.mark == mark ? $0.allowed[account] : nil }) { return known }
        let setting = try read()
        state.withLock { state in
            if state.mark != mark { state = State(mark: mark) }
            state.allowed[account] = setting
        }
        return setting
    }

    /// The images of these ids as they are in the transaction, whose mark is given; ids without an image are left out. `ofList` is the length
    /// of the list that they are a portion of: of one that has no room, nothing is kept.
    func images(
        _ ids: [ImageID], ofList length: Int = 1, in region: RegionName, at mark: ChangeMark, _ session: Session
    ) throws -> [ImageID: ImageRecord] {
        var found: [ImageID: ImageRecord] = [:]
        state.withLock { state in
            if state.mark != mark { state = State(mark: mark) }
            for id in ids { found[id] = state.images[id] }
        }
        let missing = ids.filter { found[$0] == nil }
        if missing.isEmpty { return found }
        let read = try session.images(of: missing, in: region)
        for image in read { found[image.id] = image }
        state.withLock { state in
            guard state.mark == mark, length <= Self.most else { return }
            if state.images.count + read.count > Self.most {
                // A long list does not push out what it will not come back to; a single image is likely asked for again.
                guard read.count <= Self.few else { return }
                state.images = [:]
            }
            for image in read { state.images[image.id] = image }
        }
        return found
    }
}
