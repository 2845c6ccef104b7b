import Cloud
import Model
import Orchestration
import Platform
import Synchronization

/// Runs instances for a server: boots them when they are launched, lets people in by ssh, runs commands. `run` is the whole of its life.
///
/// An instance is mounted when a program is to run on it, and stays so for a moment after the last one, so that the next one starts at
/// once and other processes are not kept away for long.
package final class MachineHost: InstanceHost {
    let workspace: Workspace
    let plane: EmbeddedPlane
    private let held = Mutex<[Place: HeldMachine]>([:])
    private let doors: SecureShellDoors
    /// First boots and commands; conversations with people, which may last for hours, apart from them.
    private let jobs: TaskQueue
    private let conversations: TaskQueue

    enum Limit {
        static let jobThreads = 8
        static let conversationThreads = 32
        static let waitingJobs = 10_000
        static let waitingConversations = 64
        /// Nanoseconds.
        static let idle: UInt64 = 3_000_000_000
        static let patience: UInt64 = 20_000_000_000
        /// Milliseconds between two looks at what is idle.
        static let look = 500
    }

    /// `port` is where the doors for ssh are, at an address for each instance; nil for none.
    package init(_ workspace: Workspace, _ plane: EmbeddedPlane, sshPort port: UInt16?) throws(Failure) {
        self.workspace = workspace
        self.plane = plane
        do throws(SystemError) {
            doors = try SecureShellDoors(port: port)
            jobs = try TaskQueue(limit: Limit.waitingJobs)
            conversations = try TaskQueue(limit: Limit.waitingConversations)
        } catch { throw Failure(.io, "instances cannot be run", cause: error) }
    }

    private var environment: Environment { workspace.environment }

    /// Works until the run is cancelled; then ends what runs, and brings back what it wrote.
    package func run() {
        _ = jobs.add { self.adopt() }
        Threads.concurrently(1 + Limit.jobThreads + Limit.conversationThreads) { worker in
            switch worker {
            case 0: self.supervise()
            case 1...Limit.jobThreads: self.jobs.run()
            default: self.conversations.run()
            }
        }
        for (_, machine) in held.withLock({ $0 }) { machine.close() }
    }

    private func supervise() {
        while !environment.cancellation.isCancelled {
            for arrival in doors.arrivals(within: Limit.look) { take(arrival) }
            for (_, machine) in held.withLock({ $0 }) { machine.closeIfIdle() }
        }
        doors.closeAll()
        jobs.close()
        conversations.close()
    }

    /// Instances that ran before this process began.
    private func adopt() {
        for name in (try? plane.regions()) ?? [] {
            try? plane.open(name).sweepDisks()
            guard let ids = try? plane.open(name).runningInstances() else { continue }
            started(ids, in: name)
            for (command, id) in (try? plane.open(name).takeOverCommands()) ?? [] { commandSent(command, to: id, in: name) }
        }
    }

    // MARK: Machines

    /// The one holder of an instance in this process.
    private func machine(at place: Place) -> HeldMachine {
        held.withLock { held in
            if let machine = held[place] { return machine }
            let machine = HeldMachine(place, workspace, plane)
            held[place] = machine
            return machine
        }
    }

    /// Runs `body` with the instance mounted, which takes its first boot where that is not over.
    func with<Result>(_ place: Place, _ body: (Machine) throws(Failure) -> Result) throws(Failure) -> Result {
        try machine(at: place).with(body)
    }

    // MARK: What the plane tells

    package func started(_ ids: [InstanceID], in region: RegionName) {
        for id in ids {
            let place = Place(region: region, instance: id)
            guard let bootable = try? Bootable(place, plane) else { continue }
            if bootable.hasServer {
                doors.open(place)
                addressesChanged(of: id, in: region)
            }
            if bootable.hasToBoot { _ = jobs.add { self.boot(place) } }
        }
    }

    private func boot(_ place: Place) {
        do throws(Failure) { try with(place) { _ in } } catch {
            let text = "ingot: \(error.chain.joined(separator: ": "))\n"
            try? plane.open(place.region).addToConsole(Array(text.utf8), of: place.instance)
        }
    }

    package func commandSent(_ command: String, to id: InstanceID, in region: RegionName) {
        let run = CommandRun(id: command, place: Place(region: region, instance: id), host: self)
        _ = jobs.add { run.run() }
    }

    package func end(_ id: InstanceID, in region: RegionName) {
        let place = Place(region: region, instance: id)
        let isOver = (try? plane.open(region).machine(id).instance.state != .running) ?? true
        if isOver { doors.close(place) }
        held.withLock { $0[place] }?.end(patience: Limit.patience)
        if isOver { held.withLock { $0[place] = nil } }
    }

    package func capture(_ id: InstanceID, in region: RegionName) throws(Failure) -> Bool {
        try held.withLock { $0[Place(region: region, instance: id)] }?.capture() ?? true
    }

    package func attached(_ volume: VolumeRecord, to id: InstanceID, in region: RegionName) {
        try? held(id, region)?.ifMounted { machine in machine.attach(volume) }
    }

    package func detach(_ volume: VolumeRecord, from id: InstanceID, in region: RegionName) throws(Failure) {
        try held(id, region)?.ifMounted { (machine) throws(Failure) in try machine.detach(volume) }
    }

    package func flush(_ id: InstanceID, in region: RegionName) throws(Failure) {
        try held(id, region)?.ifMounted { (machine) throws(Failure) in try machine.flushVolumes() }
    }

    private func held(_ id: InstanceID, _ region: RegionName) -> HeldMachine? {
        held.withLock { $0[Place(region: region, instance: id)] }
    }

    package func holds(_ id: InstanceID, in region: RegionName) -> Bool {
        held.withLock { $0[Place(region: region, instance: id)] }?.isMounted ?? false
    }

    package func addressesChanged(of id: InstanceID, in region: RegionName) {
        guard let instance = try? plane.open(region).facts(of: id).instance, instance.state == .running else { return }
        let addresses = instance.interfaces.flatMap { $0.elastic.values.map(\.address) }
        doors.lead(addresses.sorted(), to: Place(region: region, instance: id))
    }

    package func address(of id: InstanceID, in region: RegionName) -> String? {
        doors.address(of: Place(region: region, instance: id))
    }

    // MARK: People

    private func take(_ arrival: SecureShellDoors.Arrival) {
        // Where too many talk already the connection ends here.
        _ = conversations.add { self.serve(arrival) }
    }

    /// The image's own sshd, with the connection as its input and output.
    private func serve(_ arrival: SecureShellDoors.Arrival) {
        guard let null = try? FileDescriptor.open("/dev/null", .readWrite) else { return }
        let script = "mkdir -p /run/sshd && exec /usr/sbin/sshd -i"
        let streams = [arrival.socket.raw, arrival.socket.raw, null.raw]
        // Why somebody was not let in is the server's to say; that it could not be started is the console's.
        do throws(Failure) {
            try with(arrival.place) { machine throws(Failure) in
                _ = try machine.run(["/bin/sh", "-c", script], streams: streams)
            }
        } catch {
            if error.code == .cancelled { return }
            let text = "ingot: ssh: \(error.chain.joined(separator: ": "))\n"
            try? plane.open(arrival.place.region).addToConsole(Array(text.utf8), of: arrival.place.instance)
        }
    }
}

/// An instance, wherever it is.
struct Place: Hashable, Sendable {
    let region: RegionName
    let instance: InstanceID
}
