import Crypto
import ImageStore
import Model
import Platform
import Text

/// Runs programs on trees behind walls, on this machine. One serves one stage or one run; not for several threads at once.
///
/// The first program has the tree mounted; later ones find it mounted, with what was edited in between written into it. `close`, or the
/// end of the process, takes all mounts away.
package final class Sandbox: ProgramRunner {
    private let folder: String
    private let images: TreeImageCache
    private let environment: Environment
    private var session: Session?
    private var number = 0

    /// What is mounted, and which tree it shows.
    private struct Session {
        let mounted: MountedTree
        var shown: Digest
        var memory = LayerScan.Memory()
        var layerSize: UInt64 = 0
    }

    /// `folder` is one of the host, of this sandbox's own, which `close` removes. It must lie on a file system that has extended
    /// attributes and room for what programs write.
    package init(folder: String, images: TreeImageCache, environment: Environment) {
        self.folder = folder
        self.images = images
        self.environment = environment
    }

    deinit { close() }

    /// Unmounts everything and removes the folder. The next program would mount anew.
    package func close() {
        session?.mounted.close()
        session = nil
        try? Files.removeTree(folder)
    }

    package func checkAvailable() throws(Failure) { try Self.checkAvailable() }

    /// Throws `.unavailable`, with what is missing and the command that mends it, where this user cannot run programs here.
    package static func checkAvailable() throws(Failure) { try Availability.check() }

    // MARK: Running

    package func run(
        _ program: GuestProgram, on editor: TreeEditor, onLine: (Subprocess.Stream, [UInt8]) -> Void
    ) throws(Failure) -> ProgramResult {
        var session = try prepare(program, on: editor)
        let group = try makeGroup(program.limits)
        defer { group.remove(wait: { environment.wait($0) }) }
        let startedAt = environment.now()
        let ended = try carryOut(program, on: editor, session, group, onLine)
        if ended.reason == .cancelled {
            throw Failure(.cancelled, "\(program.arguments[0]) was ended, since the run was cancelled")
        }
        let findings = try readBack(&session, into: editor, startedAt: startedAt)
        self.session = session
        return result(ended, group, program.limits, findings)
    }

    private typealias Ended = (status: Subprocess.ExitStatus, dropped: Int, reason: LimitWatch.Reason?)

    private func prepare(_ program: GuestProgram, on editor: TreeEditor) throws(Failure) -> Session {
        if environment.cancellation.isCancelled { throw Failure(.cancelled, "the run was cancelled") }
        let lookup = ProgramLookup(editor: editor)
        let searchPath = program.environment["PATH"] ?? Bubblewrap.defaults["PATH"] ?? ""
        try lookup.checkMountPoints()
        try lookup.check(program, searchPath: searchPath)
        return try mounted(editor)
    }

    private func makeGroup(_ limits: ProgramLimits) throws(Failure) -> ControlGroup {
        do throws(SystemError) {
            return ControlGroup(
                name: ControlGroup.name(token: try environment.token()), memory: limits.memory, processes: limits.processes)
        } catch { throw Failure(.io, "no name for a control group", cause: error) }
    }

    private func carryOut(
        _ program: GuestProgram, on editor: TreeEditor, _ session: Session, _ group: ControlGroup,
        _ onLine: (Subprocess.Stream, [UInt8]) -> Void
    ) throws(Failure) -> Ended {
        let filter = try RefusedCalls.program()
        do throws(SystemError) {
            let placed = try PlacedFiles(program.files)
            let words = Bubblewrap(places: session.mounted.places, program: program, isInteractive: false)
                .arguments(files: placed.files, resolver: nil)
            var process = try ProgramProcess.start(
                program, arguments: words, filter: filter, files: placed.descriptors, entrances: group.entrances,
                in: session.mounted, network: nil)
            try process.waitUntilStarted()
            let scan = LayerScan(mounted: session.mounted, writer: editor.writer, environment: environment)
            var watch = LimitWatch(
                program.limits, in: environment, group: group, folder: folder, sizeAtStart: session.layerSize,
                layerSize: { scan.size() })
            return try process.watch(limit: program.limits.output, onLine: onLine, isOver: { watch.reason() })
        } catch {
            throw Failure(.unavailable, "\(program.arguments[0]) cannot be started in the sandbox", cause: error)
        }
    }

    private func result(
        _ ended: Ended, _ group: ControlGroup, _ limits: ProgramLimits, _ findings: [String]
    ) -> ProgramResult {
        var result = ProgramResult(end: .exited(0), droppedOutput: ended.dropped, remarks: findings)
        switch ended.status {
        case .exited(let status): result.end = .exited(status)
        case .signalled(let signal): result.end = .signalled(signal)
        }
        if case .limit(let limit)? = ended.reason {
            result.end = .stopped(limit: limit)
        } else if result.end != .exited(0), let limit = group.reachedLimit(limits) {
            result.end = .stopped(limit: limit)
        }
        if !group.limitsMemory { result.remarks.append("no limit on memory: no control group of this user's can be made") }
        return result
    }

    // MARK: Tree

    /// The session, showing what the editor holds.
    private func mounted(_ editor: TreeEditor) throws(Failure) -> Session {
        let wanted = try editor.finish()
        if var session {
            if session.shown == wanted { return session }
            let changes = try TreeDiff.changes(
                from: Tree(session.shown, in: editor.objects), to: Tree(wanted, in: editor.objects))
            if let edits = LayerEdits(changes, objects: editor.objects) {
                try edits.apply(to: session.mounted)
                session.shown = wanted
                self.session = session
                return session
            }
            // Too much, or what no root of a namespace may make: a new base has it.
            session.mounted.close()
            self.session = nil
        }
        return try mount(wanted, editor)
    }

    private func mount(_ root: Digest, _ editor: TreeEditor) throws(Failure) -> Session {
        guard let range = IdentityRange.ofThisUser() else { throw Availability.noRange }
        number += 1
        let mounted = try MountedTree(
            Tree(root, in: editor.objects), images: images, folder: "\(folder)/mount-\(number)", range: range)
        let session = Session(mounted: mounted, shown: root)
        self.session = session
        return session
    }

    private func readBack(_ session: inout Session, into editor: TreeEditor, startedAt: Int64) throws(Failure) -> [String] {
        let scan = LayerScan(mounted: session.mounted, writer: editor.writer, environment: environment)
        let layer = try scan.run(&session.memory)
        session.layerSize = layer.size
        var reading = LayerReading(
            base: session.mounted.base, editor: editor, startedAt: startedAt, mountPoints: Set(ProgramLookup.mountPoints))
        let findings = try reading.apply(layer)
        session.shown = try editor.finish()
        return findings
    }
}

/// Files that a program gets besides the image, as descriptors for bubblewrap.
private struct PlacedFiles {
    private(set) var files: [Bubblewrap.PlacedFile] = []
    private let opened: [OpenedFile]
    var descriptors: [Int32] { opened.map { $0.descriptor.raw } }

    init(_ contents: [String: [UInt8]]) throws(SystemError) {
        var opened: [OpenedFile] = []
        for (path, bytes) in contents.sorted(by: { $0.key < $1.key }) {
            files.append((path, Bubblewrap.Descriptor.firstFile + opened.count))
            opened.append(OpenedFile(try FileDescriptor.inMemory(bytes, name: "file")))
        }
        self.opened = opened
    }

    /// A descriptor that can stand in an array.
    private final class OpenedFile {
        let descriptor: FileDescriptor
        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }
}
