import Cloud
import Crypto
import ImageStore
import Model
import Orchestration
import Platform
import Sandbox
import Synchronization

/// An instance in the hands of this process, with its live tree mounted. Programs may run on it from several threads.
package final class Machine: Sendable {
    package let id: InstanceID
    let region: EmbeddedRegion
    private let record: MachineRecord
    private let environment: Environment
    private let lock: FileLock
    private let tree: LiveTree
    private let writer: StoreWriter
    private let network: NetworkAccess
    private let metadata: MetadataDoor?
    /// The tree that the catalogue has as the live one, and the sum of the sizes of its files.
    private let kept: Mutex<Kept>
    private let watch: EndWatch
    /// Those that are devices.
    private let volumes = Mutex<Set<VolumeID>>([])

    private struct Kept {
        var root: Digest
        var size: Int64
    }

    /// Takes the lock and mounts the live tree; the first time the instance is prepared, as a machine is when it first starts.
    ///
    /// `Failure(.busy)` where another process has the lock for longer than `patience` nanoseconds. An instance that does not run is
    /// refused with IncorrectInstanceState. `beforeBoot` has it when it is mounted, and then is its first boot.
    package init(
        _ id: InstanceID, in region: EmbeddedRegion, _ workspace: Workspace, patience: UInt64,
        beforeBoot: (Machine) -> Void = { _ in }
    ) throws(Failure) {
        try Sandbox.checkAvailable()
        let lock = try Self.lock(id, region, patience: patience)
        let record = try region.machine(id)
        guard record.instance.state == .running else { throw Self.notRunning(record.instance) }
        let store = try region.store(under: record.key)
        let writer = try StoreWriter(store)
        let boot = record.isPrepared ? nil : FirstBoot(record, in: region)
        let root = try boot?.edit(record.live, in: writer) ?? record.live
        let folder = "\(workspace.home)/tmp/\(workspace.holder.name)-\(try workspace.token())"
        do throws(Failure) {
            tree = try LiveTree(
                root, base: record.durable, in: writer, folder: folder,
                images: try workspace.mountableImages(of: store, in: folder), environment: workspace.environment)
        } catch {
            try? Files.removeTree(folder)
            throw error
        }
        self.id = id
        self.region = region
        self.record = record
        self.lock = lock
        self.writer = writer
        environment = workspace.environment
        let network = OutgoingAccess.available
        self.network = network
        var obstacle: Failure?
        do throws(Failure) { metadata = try MetadataDoor(of: id, in: tree, network: network, region, workspace) } catch {
            // Programs run all the same.
            guard error.code == .unavailable else { throw error }
            metadata = nil
            obstacle = error
        }
        kept = Mutex(Kept(root: record.live, size: record.liveSize))
        watch = EndWatch(id, in: region, environment)
        if let obstacle {
            let text = "ingot: no instance metadata: \(obstacle.chain.joined(separator: ": "))\n"
            try region.addToConsole(Array(text.utf8), of: id)
        }
        for volume in record.instance.volumes where volume.id != record.instance.rootVolume?.id { attach(volume) }
        if let boot {
            beforeBoot(self)
            try prepare(boot, try Tree(root, in: writer))
        }
    }

    /// The first boot. What it writes is there as a whole or, where this process dies, not at all.
    private func prepare(_ boot: FirstBoot, _ shown: Tree) throws(Failure) {
        let console = ConsoleLines()
        for line in try boot.greeting(on: shown) { console.add(line) }
        for step in try boot.steps(on: shown) {
            console.add("ingot: \(step.name)")
            var limits = ProgramLimits()
            limits.time = Self.bootTime
            let arguments = ["/bin/sh", "-c", step.script]
            do throws(Failure) {
                let result = try tree.run(
                    program(arguments, [], step.files, [:], "/", limits), mustEnd: { self.watch.isOver },
                    onLine: { _, line in console.add(line) })
                if !result.isSuccess { console.add("ingot: \(step.name): \(Self.text(result.end))") }
            } catch {
                if error.code == .cancelled { throw watch.isOver ? Self.ended(id) : error }
                console.add("ingot: \(step.name): \(error.chain.joined(separator: ": "))")
            }
        }
        console.add("ingot: the first boot is over")
        try capture()
        try region.markPrepared(id)
        try region.addToConsole(console.bytes, of: id)
    }

    /// Nanoseconds that one program of a first boot may take.
    private static let bootTime: UInt64 = 1_800_000_000_000

    private static func text(_ end: ProgramResult.End) -> String {
        switch end {
        case .exited(let status): "exit status \(status)"
        case .signalled(let signal): "signal \(signal)"
        case .stopped(let limit): "ended at \(limit)"
        }
    }

    /// Waits for a restart that another process is at; one that died in the middle is brought to its end.
    private static func lock(_ id: InstanceID, _ region: EmbeddedRegion, patience: UInt64) throws(Failure) -> FileLock {
        for _ in 0..<restartLooks {
            guard let lock = try region.lock(id, patience: patience) else {
                throw Failure(
                    .busy, "another process runs programs on the instance \(id)",
                    hint: "wait until they end, or run this one there: by ssh or Run Command of the server")
            }
            let machine = try region.machine(id)
            guard machine.instance.state == .running && machine.mustEnd else { return lock }
            _ = consume lock
            region.environment.wait(restartPause)
        }
        guard let lock = try region.lock(id, patience: patience) else {
            throw Failure(.busy, "the instance \(id) is being restarted", hint: "try again in a moment")
        }
        try region.finishRestart(id)
        return lock
    }

    private static let restartLooks = 20
    private static let restartPause: UInt64 = 100_000_000

    /// Whether it was stopped or restarted, so that nothing more may be run.
    var isOver: Bool { watch.isOver }

    /// Ends what runs.
    func end() { watch.end() }

    /// Unmounts and lets others at the instance. No program may be running.
    package func close() {
        try? capture()
        metadata?.close()
        do throws(Failure) { try tree.close() } catch { tell(error) }
    }

    /// Says on the console what went wrong without ending a program.
    private func tell(_ failure: Failure) {
        try? region.addToConsole(Array("ingot: \(failure.chain.joined(separator: ": "))\n".utf8), of: id)
    }

    // MARK: Volumes

    /// Shows a volume as a device, unless it is one; where that cannot be, the console says why, and programs run without it.
    func attach(_ volume: VolumeRecord) {
        do throws(Failure) {
            try LiveTree.checkVolumes()
            guard let device = volume.attachment?.device, let names = DeviceNames(device) else { return }
            try volumes.withLock { (volumes) throws(Failure) in
                if volumes.contains(volume.id) { return }
                try tree.attach(try region.disk(of: volume), as: names)
                volumes.insert(volume.id)
            }
        } catch { tell(error) }
    }

    /// What was written is in the volume's file when this returns. Does nothing where it is no device.
    func detach(_ volume: VolumeRecord) throws(Failure) {
        guard let names = volume.attachment.flatMap({ DeviceNames($0.device) }) else { return }
        try volumes.withLock { (volumes) throws(Failure) in
            guard volumes.contains(volume.id) else { return }
            try tree.detach(names)
            volumes.remove(volume.id)
        }
    }

    var hasMounts: Bool { tree.hasMounts }

    func flushVolumes() throws(Failure) { try tree.flushVolumes() }

    // MARK: Programs

    /// Runs a program to its end and brings back what it wrote. `streams` are its standard descriptors; nil for its input, and `onLine`.
    /// It ends with `.cancelled` where the instance is stopped meanwhile.
    package func run(
        _ arguments: [String], streams: [Int32]? = nil, input: [UInt8] = [], files: [String: [UInt8]] = [:],
        environment variables: [String: String] = [:], folder: String = "/", limits: ProgramLimits = ProgramLimits(),
        mustEnd: () -> Bool = { false }, onLine: (Subprocess.Stream, [UInt8]) -> Void = { _, _ in }
    ) throws(Failure) -> ProgramResult {
        let program = program(arguments, input, files, variables, folder, limits)
        return try brought { () throws(Failure) in
            try tree.run(program, streams: streams, mustEnd: { mustEnd() || self.watch.isOver }, onLine: onLine)
        }
    }

    /// Runs a program with the terminal of this process.
    package func shell(
        _ arguments: [String], environment variables: [String: String] = [:], limits: ProgramLimits = ProgramLimits()
    ) throws(Failure) -> ProgramResult {
        let program = program(arguments, [], [:], variables, "/", limits)
        return try brought { () throws(Failure) in try tree.shell(program, mustEnd: { self.watch.isOver }) }
    }

    private func program(
        _ arguments: [String], _ input: [UInt8], _ files: [String: [UInt8]], _ variables: [String: String], _ folder: String,
        _ limits: ProgramLimits
    ) -> GuestProgram {
        var program = GuestProgram(
            arguments, environment: variables, workingFolder: folder, input: input, files: files, network: network,
            limits: limits)
        program.hostName = record.instance.hostName
        return program
    }

    /// Whatever way a program ended, what it wrote is there.
    private func brought(_ body: () throws(Failure) -> ProgramResult) throws(Failure) -> ProgramResult {
        let outcome = Result { () throws(Failure) in try body() }
        try capture()
        if watch.isOver, case .failure = outcome { throw Self.ended(id) }
        return try outcome.get()
    }

    // MARK: The live tree

    /// Brings into the catalogue what programs have written until now.
    package func capture() throws(Failure) {
        try kept.withLock { (kept) throws(Failure) in
            let root = try tree.capture(into: writer)
            if root == kept.root { return }
            try writer.publish()
            var size = kept.size
            for change in try TreeDiff.changes(from: Tree(kept.root, in: writer), to: Tree(root, in: writer)) {
                size += Int64(clamping: change.after?.content?.size ?? 0) - Int64(clamping: change.before?.content?.size ?? 0)
            }
            try environment.planned("machines.captured")
            try region.keepLive(root, logicalSize: size, of: id)
            kept = Kept(root: root, size: size)
        }
    }

    private static func notRunning(_ instance: InstanceRecord) -> Failure {
        Failure(
            PlaneError(
                .incorrectInstanceState,
                "The instance '\(instance.id)' is \(instance.state.rawValue), and programs run on running ones alone."))
    }

    private static func ended(_ id: InstanceID) -> Failure {
        Failure(.cancelled, "what ran on the instance \(id) was ended, since the instance was stopped or restarted")
    }
}
