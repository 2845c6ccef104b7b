/// Where an instance is in its life.
package enum InstanceState: String, Hashable, Sendable, CaseIterable {
    case pending, running
    case shuttingDown = "shutting-down"
    case terminated, stopping, stopped

    /// EC2's number of the state.
    package var code: Int {
        switch self {
        case .pending: 0
        case .running: 16
        case .shuttingDown: 32
        case .terminated: 48
        case .stopping: 64
        case .stopped: 80
        }
    }

    /// What follows by itself; nil for a state that lasts.
    package var next: InstanceState? {
        switch self {
        case .pending: .running
        case .shuttingDown: .terminated
        case .stopping: .stopped
        case .running, .stopped, .terminated: nil
        }
    }
}

/// What a caller can ask of an instance.
package enum InstanceVerb: String, Hashable, Sendable {
    case start, stop, reboot, terminate

    /// The state that an instance comes into; nil where it stays as it is.
    ///
    /// Of a state in which it cannot be done, `Failure` with IncorrectInstanceState.
    package func apply(to state: InstanceState, of id: InstanceID) throws(Failure) -> InstanceState? {
        switch (self, state) {
        case (.start, .stopped): return .pending
        case (.start, .pending), (.start, .running): return nil
        case (.stop, .running): return .stopping
        case (.stop, .stopping), (.stop, .stopped): return nil
        case (.reboot, .running): return nil
        case (.terminate, .terminated), (.terminate, .shuttingDown): return nil
        case (.terminate, _): return .shuttingDown
        default:
            throw Failure(
                PlaneError(
                    .incorrectInstanceState, "The instance '\(id)' is not in a state from which it can be \(participle)."))
        }
    }

    private var participle: String {
        switch self {
        case .start: "started"
        case .stop: "stopped"
        case .reboot: "rebooted"
        case .terminate: "terminated"
        }
    }
}

extension PlaneError {
    package static func notFound(instances ids: [InstanceID]) -> PlaneError {
        let list = ids.map(\.description).joined(separator: ", ")
        return PlaneError(
            .invalidInstanceIDNotFound,
            ids.count == 1 ? "The instance ID '\(list)' does not exist" : "The instance IDs '\(list)' do not exist")
    }
}
