import Cloud
import Model
import Platform
import Synchronization

/// Looks now and then whether an instance still runs, so that who runs programs on it ends them when another process stops it.
final class EndWatch: Sendable {
    private let id: InstanceID
    private let region: EmbeddedRegion
    private let environment: Environment
    private let state: Mutex<(next: UInt64, isOver: Bool)>

    /// Nanoseconds between two looks.
    private static let interval: UInt64 = 250_000_000

    init(_ id: InstanceID, in region: EmbeddedRegion, _ environment: Environment) {
        self.id = id
        self.region = region
        self.environment = environment
        state = Mutex((next: environment.uptime() + Self.interval, isOver: false))
    }

    /// A catalogue that cannot be read says nothing.
    var isOver: Bool {
        state.withLock { state in
            let now = environment.uptime()
            if state.isOver || now < state.next { return state.isOver }
            state.next = now + Self.interval
            state.isOver = (try? region.mustEnd(id)) ?? false
            return state.isOver
        }
    }

    /// From here on it is over, whatever the catalogue says.
    func end() { state.withLock { $0.isOver = true } }
}
