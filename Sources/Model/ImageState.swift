/// The state of an AMI, with EC2's words.
package enum ImageState: String, Sendable, Codable, CaseIterable {
    /// Being made or copied: it has an id, and cannot be launched.
    case pending
    /// Whole, verified, launchable.
    case available
    /// Kept, but neither launched, copied nor shared.
    case disabled
    /// Making it went wrong; it can only be deregistered.
    case failed
    /// Gone; its id and version are remembered.
    case deregistered

    /// The states that may follow. Nothing follows `deregistered`.
    package var successors: Set<ImageState> {
        switch self {
        case .pending: [.available, .failed, .deregistered]
        case .available: [.disabled, .deregistered]
        case .disabled: [.available, .deregistered]
        case .failed: [.deregistered]
        case .deregistered: []
        }
    }

    /// Refuses what is not in the table with `Failure(.conflict)`; `name` says which image.
    package func moved(to next: ImageState, of name: String) throws(Failure) -> ImageState {
        guard successors.contains(next) else {
            throw Failure(.conflict, "the image \(name) is \(rawValue) and cannot become \(next.rawValue)")
        }
        return next
    }
}
