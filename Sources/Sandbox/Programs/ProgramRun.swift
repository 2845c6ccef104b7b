import Glibc
import ImageStore
import Model
import Platform

/// One program on a mounted tree, from its start to its end; what it changed is not looked at here.
struct ProgramRun {
    let program: GuestProgram
    let mounted: MountedTree
    let group: ControlGroup
    let environment: Environment
    /// Where the writable layer is, and what it takes before the program runs.
    let folder: String
    let layerSize: UInt64
    let scan: LayerScan
    /// The file that names name servers, as a path in the image without links.
    let resolver: TreePath?
    let walls: Walls
    /// Those of an instance.
    var volumes: AttachedVolumes?
    /// The program's standard descriptors where it has the caller's terminal.
    var streams: [Int32]?
    /// Asked now and then whether the program must end, besides its limits.
    var mustEnd: () -> Bool = { false }

    struct Ended {
        let status: Subprocess.ExitStatus
        let dropped: Int
        let reason: LimitWatch.Reason?
    }

    /// Throws `.unavailable` where the program cannot be started.
    func run(onLine: (Subprocess.Stream, [UInt8]) -> Void) throws(Failure) -> Ended {
        let supervisor = try supervisor()
        let asked = try supervisor == nil ? [] : RefusedCalls.program(mountsAreAsked: true)
        let refused = try RefusedCalls.program()
        do throws(SystemError) {
            var process = try started(supervisor, asked: asked, refused: refused)
            let space = process.space
            if let space { volumes?.began(space) }
            defer { if let space { volumes?.ended(space) } }
            var watch = LimitWatch(
                program.limits, in: environment, group: group, folder: folder, sizeAtStart: layerSize, layerSize: { scan.size() })
            var complaint = Complaint()
            let ended = try process.watch(
                limit: program.limits.output,
                onLine: { stream, line in
                    complaint.take(stream, line)
                    onLine(stream, line)
                }, isOver: { mustEnd() ? .cancelled : watch.reason() })
            if ended.reason == nil, let text = complaint.text(ended.status) { throw SystemError(text, errno: 8) }
            return Ended(status: ended.status, dropped: ended.dropped, reason: ended.reason)
        } catch {
            throw Failure(
                .unavailable, "\(program.arguments[0]) cannot be started in the sandbox", hint: Availability.hint(for: error),
                cause: error)
        }
    }

    /// Nil where no volume can be a device: no mount can be carried out then.
    private func supervisor() throws(Failure) -> MountSupervisor? {
        guard let volumes else { return nil }
        do throws(Failure) { try LiveTree.checkVolumes() } catch { return nil }
        do throws(SystemError) { return try MountSupervisor(volumes) } catch {
            throw Failure(.unavailable, "nobody can be asked about mounts in the sandbox", cause: error)
        }
    }

    /// Where this process itself is behind a filter that asks somebody (EBUSY), nobody else can be asked: all mounts are refused.
    private func started(
        _ supervisor: MountSupervisor?, asked: [UInt8], refused: [UInt8]
    ) throws(SystemError) -> ProgramProcess {
        if let supervisor {
            do throws(SystemError) {
                var process = try start(asked, supervisor)
                try process.waitUntilStarted()
                return process
            } catch {
                guard error.errno == EBUSY else { throw error }
            }
        }
        var process = try start(refused, nil)
        try process.waitUntilStarted()
        return process
    }

    private func start(_ filter: [UInt8], _ supervisor: MountSupervisor?) throws(SystemError) -> ProgramProcess {
        let folder = RunFolder(mounted: mounted)
        if !program.files.isEmpty { try folder.clear(Bubblewrap.filesFolder, for: .folder) }
        var placed = try PlacedFiles(program.files)
        let network = try mounted.network(for: program.network, walls)
        var named: Bubblewrap.PlacedFile?
        if program.network == .outgoing, let resolver {
            try folder.clear(resolver, for: .file)
            named = try placed.open(String(decoding: resolver.bytes, as: UTF8.self), Array(ProgramNetwork.resolver.utf8))
        }
        let words = Bubblewrap(
            places: mounted.places, program: program, isInteractive: streams != nil, hasNetwork: network != nil, walls: walls,
            devices: volumes?.nodes ?? []
        ).arguments(files: placed.files, resolver: named)
        return try ProgramProcess.start(
            program, arguments: words, filter: filter, files: placed.descriptors, group: group, in: mounted,
            network: network?.descriptor, streams: streams, supervisor: supervisor)
    }
}

extension ControlGroup {
    /// One of a name of its own.
    convenience init(for limits: ProgramLimits, _ environment: Environment) throws(Failure) {
        do throws(SystemError) {
            self.init(name: Self.name(token: try environment.token()), memory: limits.memory, processes: limits.processes)
        } catch { throw Failure(.io, "no name for a control group", cause: error) }
    }
}

extension ProgramResult {
    /// How a program ended that ran in the group.
    init(_ ended: ProgramRun.Ended, _ group: ControlGroup, _ limits: ProgramLimits, remarks: [String] = []) {
        self.init(end: .exited(0), droppedOutput: ended.dropped, remarks: remarks)
        switch ended.status {
        case .exited(let status): end = .exited(status)
        case .signalled(let signal): end = .signalled(signal)
        }
        if case .limit(let limit)? = ended.reason {
            end = .stopped(limit: limit)
        } else if end != .exited(0), let limit = group.reachedLimit(limits) {
            end = .stopped(limit: limit)
        }
        if !group.limitsMemory { self.remarks.append("no limit on memory: this user can make no control group here") }
    }
}
