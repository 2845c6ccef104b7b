import Cloud
import Model
import Orchestration
import Platform
import Synchronization

/// An instance that a server runs programs on: mounted when somebody needs it, and for a moment longer.
final class HeldMachine: Sendable {
    private let place: Place
    private let workspace: Workspace
    private let plane: EmbeddedPlane
    private let state = Mutex(State())
    /// Mounted, in its first boot: who waits for `state` waits for the end of that.
    private let booting = Mutex<Machine?>(nil)

    private struct State {
        var machine: Machine?
        var users = 0
        /// When the last user left.
        var since: UInt64 = 0
    }

    init(_ place: Place, _ workspace: Workspace, _ plane: EmbeddedPlane) {
        self.place = place
        self.workspace = workspace
        self.plane = plane
    }

    private var now: UInt64 { workspace.environment.uptime() }

    /// Who comes while it is being mounted waits for it.
    func with<Result>(_ body: (Machine) throws(Failure) -> Result) throws(Failure) -> Result {
        let machine = try state.withLock { (state) throws(Failure) in
            let machine: Machine
            if let mounted = state.machine, !mounted.isOver {
                machine = mounted
            } else if state.users == 0 {
                state.machine?.close()
                state.machine = nil
                defer { booting.withLock { $0 = nil } }
                machine = try Machine(
                    place.instance, in: plane.open(place.region), workspace, patience: MachineHost.Limit.patience,
                    beforeBoot: { machine in booting.withLock { $0 = machine } })
                state.machine = machine
            } else {
                throw Failure(.busy, "the instance \(place.instance) is being restarted", hint: "try again in a moment")
            }
            state.users += 1
            return machine
        }
        defer {
            state.withLock { state in
                state.users -= 1
                state.since = now
            }
        }
        return try body(machine)
    }

    /// One that is being mounted is not idle.
    func closeIfIdle() {
        _ = state.withLockIfAvailable { state in
            guard state.users == 0, let machine = state.machine else { return }
            guard machine.isOver || now - state.since >= MachineHost.Limit.idle else { return }
            // What is mounted stays so until the instance is stopped or started anew.
            guard machine.isOver || !machine.hasMounts else { return }
            machine.close()
            state.machine = nil
        }
    }

    /// Ends the programs, and waits until what they wrote is back and the instance free.
    func end(patience: UInt64) {
        let limit = now + patience
        while true {
            let isFree = state.withLock { state in
                state.machine?.end()
                guard state.users == 0 else { return false }
                state.machine?.close()
                state.machine = nil
                return true
            }
            if isFree || now >= limit { return }
            workspace.environment.wait(Self.pause)
        }
    }

    private static let pause: UInt64 = 10_000_000

    /// No program runs any more.
    func close() {
        state.withLock { state in
            state.machine?.close()
            state.machine = nil
        }
    }

    /// One that is being mounted counts.
    var isMounted: Bool { state.withLockIfAvailable { $0.machine != nil } ?? true }

    /// Runs `body` where the instance is mounted, also during its first boot; waits for one that is being mounted.
    func ifMounted(_ body: (Machine) throws(Failure) -> Void) throws(Failure) {
        while true {
            let hasBeen = try booting.withLock { (machine) throws(Failure) in
                if let machine { try body(machine) }
                return machine != nil
            }
            if hasBeen { return }
            let outcome = state.withLockIfAvailable { (state) -> Result<Void, Failure> in
                Result { () throws(Failure) in if let machine = state.machine { try body(machine) } }
            }
            if let outcome { return try outcome.get() }
            workspace.environment.wait(Self.pause)
        }
    }

    /// False where it is being mounted or boots, so that nobody can look.
    func capture() throws(Failure) -> Bool {
        let outcome = state.withLockIfAvailable { (state) -> Result<Void, Failure> in
            do throws(Failure) {
                try state.machine?.capture()
                return .success(())
            } catch { return .failure(error) }
        }
        try outcome?.get()
        return outcome != nil
    }
}
