import Crypto
import ImageStore
import Model
import Platform
import Synchronization

/// A tree that stays mounted while an instance runs programs on it, several at a time. What they write can be read at any time, also
/// while they go on writing: then it is as a disk is whose machine loses its power.
package final class LiveTree: Sendable {
    private let mounted: MountedTree
    private let volumes: AttachedVolumes
    private let folder: String
    private let environment: Environment
    private let walls: Walls
    /// The file that programs ask for name servers.
    private let resolver: TreePath?
    /// The tree as it is mounted, and whether it has a shell.
    private let original: Tree
    private let hasShell: Bool
    /// One looks at a time.
    private let memory: Mutex<Seen>

    private struct Seen {
        var files = LayerScan.Memory()
        var size: UInt64 = 0
    }

    /// Mounts `base`, of which there may be a mountable file already, and writes into it what `root` differs by. `folder` is one of the
    /// host, of this tree's own, which `close` removes.
    package init(
        _ root: Digest, base: Digest, in objects: any ObjectReader, folder: String, images: TreeImageCache,
        environment: Environment, walls: Walls = .all
    ) throws(Failure) {
        guard let range = IdentityRange.ofThisUser() else { throw Availability.noRange }
        ControlGroup.sweep { environment.wait($0) }
        let tree = try Tree(root, in: objects)
        let lookup = ProgramLookup(editor: tree)
        try lookup.checkMountPoints()
        resolver = try lookup.resolverFile()
        original = tree
        hasShell = try lookup.isExecutable(Self.shellPath)
        let before = try Tree(base, in: objects)
        let edits = LayerEdits(try TreeDiff.changes(from: before, to: tree), objects: objects)
        let place = "\(folder)/mount-1"
        if let edits {
            mounted = try MountedTree(before, images: images, folder: place, range: range)
            do throws(Failure) { try edits.apply(to: mounted) } catch {
                mounted.close()
                throw error
            }
        } else {
            mounted = try MountedTree(tree, images: images, folder: place, range: range)
        }
        volumes = AttachedVolumes(mounted)
        self.folder = folder
        self.environment = environment
        self.walls = walls
        memory = Mutex(Seen())
    }

    deinit { try? close() }

    /// Unmounts and removes the folder. No program may be running; what was not captured is gone. Throws where what was written to a volume
    /// may not be in its file; all else is done then, too.
    package func close() throws(Failure) {
        let outcome = Result { () throws(Failure) in try volumes.close() }
        mounted.close()
        try? Files.removeTree(folder)
        try outcome.get()
    }

    // MARK: Volumes

    /// Throws `.unavailable` where no volume can be a device here, and says what is missing.
    package static func checkVolumes() throws(Failure) {
        if Users.effective.id != 0 {
            throw Failure(
                .unavailable, "volumes are no devices in the instance: this user has no right to loop devices",
                hint: "run it as root")
        }
        try Availability.require(
            [("fuse2fs", "fuse2fs"), ("e2fsck", "e2fsprogs")], "volumes are no devices in the instance")
    }

    /// Shows a file of the host as a block device, to programs that start from now on, who may mount what is on it. Throws `.unavailable`
    /// where the user or the machine can have no such device, `.conflict` where one of the names is taken.
    package func attach(_ file: String, as names: DeviceNames) throws(Failure) { try volumes.attach(file, as: names) }

    /// Takes a device away, whoever uses it. What was written is in its file when this returns.
    package func detach(_ names: DeviceNames) throws(Failure) { try volumes.detach(names) }

    /// Whether programs have mounted a volume, which ends when this is closed.
    package var hasMounts: Bool { volumes.hasMounts }

    /// Makes all durable that was written to devices.
    package func flushVolumes() throws(Failure) { try volumes.flush() }

    /// Gives all programs of the tree one network, in which they reach this process at an address and nothing else of the host. `address` is
    /// an IPv4 one in host order, the third of four that belong together. Returns the socket that listens there, which goes with the
    /// tree. Before any program runs. `.unavailable` where the kernel has no such devices.
    package func listen(at address: UInt32, port: UInt16, network: NetworkAccess) throws(Failure) -> FileDescriptor {
        do throws(SystemError) {
            return try mounted.open(try ProgramNetwork.Door(address: address, port: port), network, walls)
        } catch {
            throw Failure(
                .unavailable, "programs in the sandbox cannot be given an address at which they are answered",
                hint: "load the kernel's module: modprobe veth", cause: error)
        }
    }

    /// Runs a program to its end, on any thread. `streams` are its standard descriptors; nil for its `input`, and `onLine`. `mustEnd` is
    /// asked now and then, and ends it as a cancelled run does. Throws as `ProgramRunner.run`.
    package func run(
        _ program: GuestProgram, streams: [Int32]? = nil, mustEnd: () -> Bool = { false },
        onLine: (Subprocess.Stream, [UInt8]) -> Void
    ) throws(Failure) -> ProgramResult {
        if environment.cancellation.isCancelled || mustEnd() { throw Self.cancelled(program) }
        let group = try ControlGroup(for: program.limits, environment)
        defer { group.remove(wait: { environment.wait($0) }) }
        // Sizes are looked at, contents are not.
        let scan = LayerScan(mounted: mounted, writer: NoObjects(), environment: environment)
        let ended = try withoutActuallyEscaping(mustEnd) { mustEnd throws(Failure) in
            let run = ProgramRun(
                program: program, mounted: mounted, group: group, environment: environment, folder: folder,
                layerSize: memory.withLock { $0.size }, scan: scan, resolver: program.network == .outgoing ? resolver : nil,
                walls: walls, volumes: volumes, streams: streams, mustEnd: mustEnd)
            return try run.run(onLine: onLine)
        }
        if ended.reason == .cancelled { throw Self.cancelled(program) }
        return ProgramResult(ended, group, program.limits)
    }

    /// As `run`, with the terminal of this process: while the program runs, Ctrl-C is its own. Throws `.unavailable` where a tree without
    /// a shell was mounted without the program.
    package func shell(_ program: GuestProgram, mustEnd: () -> Bool = { false }) throws(Failure) -> ProgramResult {
        let terminal = TerminalLoan()
        defer { terminal.takeBack() }
        var program = program
        // With the caller's descriptors nobody reads along, so a shell says what is missing; without one it is looked up.
        if !hasShell {
            let path = program.environment["PATH"] ?? Bubblewrap.defaults["PATH"] ?? ""
            try ProgramLookup(editor: original).check(program, searchPath: path)
        } else if program.arguments.first != Self.shellPath {
            program.arguments = [Self.shellPath, "-c", Self.looking, "sh"] + program.arguments
        }
        return try run(program, streams: [0, 1, 2], mustEnd: mustEnd, onLine: { _, _ in })
    }

    private static let shellPath = "/bin/sh"
    /// Becomes the program; the status of a missing one is 127, as everywhere.
    private static let looking = """
        command -v -- "$1" > /dev/null 2>&1 || { \
        printf 'ingot: error: %s is not there, or not executable\\n' "$1" >&2; exit 127; }; exec "$@"
        """

    /// Stores the tree as it is now and gives its root. All captures of a tree go to the same writer, which the caller publishes.
    package func capture(into writer: any ObjectWriter) throws(Failure) -> Digest {
        try memory.withLock { (seen) throws(Failure) in
            var attempt = 1
            while true {
                do throws(Failure) { return try capture(into: writer, &seen) } catch {
                    // A file went away while it was looked at.
                    guard attempt < Self.attempts, (error.cause as? SystemError)?.isNotFound == true else { throw error }
                    attempt += 1
                }
            }
        }
    }

    private static let attempts = 10

    private func capture(into writer: any ObjectWriter, _ seen: inout Seen) throws(Failure) -> Digest {
        // Also of a run that is cancelled it is wanted what was written.
        var environment = environment
        environment.cancellation = Cancellation()
        let layer = try LayerScan(mounted: mounted, writer: writer, environment: environment).run(&seen.files)
        seen.size = layer.size
        let now = environment.now()
        let editor = try TreeEditor(root: mounted.base.root, in: writer, date: now)
        var points = Set(ProgramLookup.mountPoints)
        var made = resolver
        while let path = made, !path.isRoot {
            points.insert(path)
            made = path.parent
        }
        var reading = LayerReading(base: mounted.base, editor: editor, startedAt: now, mountPoints: points)
        _ = try reading.apply(layer)
        return try editor.finish()
    }

    private static func cancelled(_ program: GuestProgram) -> Failure {
        Failure(.cancelled, "\(program.arguments.first ?? "a program") was ended, since the run was cancelled")
    }
}

/// Takes no objects.
private final class NoObjects: ObjectWriter {
    func put(_ bytes: Span<UInt8>) throws(Failure) -> Digest { throw Failure(.bug, "the size of a layer needs no contents") }
    func contains(_ digest: Digest) -> Bool { false }
    func object(_ digest: Digest) throws(Failure) -> [UInt8] { throw Failure(.notFound, "there is no object \(digest.hex)") }
}
