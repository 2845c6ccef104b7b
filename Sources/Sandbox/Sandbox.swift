import Crypto
import ImageStore
import Model
import Platform

/// Runs programs on trees behind walls, on this machine. One serves one stage or one run; not for several threads at once.
///
/// The first program has the tree mounted; later ones find it mounted, with what was edited in between written into it. Where a base is
/// given, that is what is mounted, and the first program's tree is written into it too: a stage whose first steps come from checkpoints
/// has the mountable file of the tree that it began with, and none of the tree that they made. `close`, or the end of the process,
/// takes all mounts away.
package final class Sandbox: ProgramRunner {
    private let folder: String
    private let images: TreeImageCache
    private let base: Digest?
    private let environment: Environment
    private let walls: Walls
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
    /// attributes and room for what programs write. Only a test leaves a wall out.
    package init(
        folder: String, images: TreeImageCache, base: Digest? = nil, environment: Environment, walls: Walls = .all
    ) {
        self.folder = folder
        self.images = images
        self.base = base
        self.environment = environment
        self.walls = walls
        ControlGroup.sweep { environment.wait($0) }
    }

    deinit { close() }

    /// Unmounts everything and removes the folder. The next program would mount anew.
    package func close() {
        session?.mounted.close()
        session = nil
        try? Files.removeTree(folder)
    }

    /// Removes the folder of a sandbox whose process was killed, or one that holds such folders, with all that is in it.
    package static func removeLeftover(_ folder: String) throws(Failure) {
        do throws(SystemError) {
            if let range = IdentityRange.ofThisUser() { try LayerRemoval(range: range).removeLayers(in: folder) }
            try Files.removeTree(folder)
        } catch { throw Failure(.io, "the folder \(folder) of a sandbox that was killed cannot be removed", cause: error) }
    }

    package func checkAvailable() throws(Failure) { try Self.checkAvailable() }

    /// Throws `.unavailable`, with what is missing and the command that mends it, where this user cannot run programs here.
    package static func checkAvailable() throws(Failure) { try Availability.check() }

    // MARK: Running

    package func run(
        _ program: GuestProgram, on editor: TreeEditor, onLine: (Subprocess.Stream, [UInt8]) -> Void
    ) throws(Failure) -> ProgramResult {
        try run(program, on: editor, streams: nil, onLine: onLine)
    }

    /// Runs a program with the terminal, or whatever else standard input, output and error of this process are, behind the same walls,
    /// and puts what it changed into the editor. While it runs, Ctrl-C is the program's.
    package func shell(_ program: GuestProgram, on editor: TreeEditor) throws(Failure) -> ProgramResult {
        let terminal = TerminalLoan()
        defer { terminal.takeBack() }
        return try run(program, on: editor, streams: [0, 1, 2], onLine: { _, _ in })
    }

    private func run(
        _ program: GuestProgram, on editor: TreeEditor, streams: [Int32]?, onLine: (Subprocess.Stream, [UInt8]) -> Void
    ) throws(Failure) -> ProgramResult {
        if environment.cancellation.isCancelled { throw Failure(.cancelled, "the run was cancelled") }
        let lookup = ProgramLookup(editor: editor)
        try lookup.checkMountPoints()
        try lookup.check(program, searchPath: program.environment["PATH"] ?? Bubblewrap.defaults["PATH"] ?? "")
        let resolver = program.network == .outgoing ? try lookup.resolverFile() : nil
        var session = try mounted(editor)
        let group = try ControlGroup(for: program.limits, environment)
        defer { group.remove(wait: { environment.wait($0) }) }
        // What the mounted tree shows is known again once it has been read back.
        self.session = nil
        do throws(Failure) {
            let startedAt = environment.now()
            let run = ProgramRun(
                program: program, mounted: session.mounted, group: group, environment: environment, folder: folder,
                layerSize: session.layerSize, scan: scan(session, editor), resolver: resolver, walls: walls, streams: streams)
            let ended = try run.run(onLine: onLine)
            if ended.reason == .cancelled {
                throw Failure(.cancelled, "\(program.arguments[0]) was ended, since the run was cancelled")
            }
            let findings = try readBack(&session, into: editor, startedAt: startedAt, resolver: resolver)
            self.session = session
            return ProgramResult(ended, group, program.limits, remarks: findings)
        } catch {
            session.mounted.close()
            throw error
        }
    }

    // MARK: Tree

    /// The session, showing what the editor holds.
    private func mounted(_ editor: TreeEditor) throws(Failure) -> Session {
        let wanted = try editor.finish()
        let shown = session?.shown ?? base ?? wanted
        if shown == wanted {
            if let session { return session }
            return try mount(wanted, editor)
        }
        let changes = try TreeDiff.changes(from: Tree(shown, in: editor.objects), to: Tree(wanted, in: editor.objects))
        guard let edits = LayerEdits(changes, objects: editor.objects) else {
            // Too much, or what no root of a namespace may make: a new base has it.
            session?.mounted.close()
            session = nil
            return try mount(wanted, editor)
        }
        var session = if let session { session } else { try mount(shown, editor) }
        self.session = nil
        do throws(Failure) { try edits.apply(to: session.mounted) } catch {
            session.mounted.close()
            throw error
        }
        session.shown = wanted
        self.session = session
        return session
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

    private func scan(_ session: Session, _ editor: TreeEditor) -> LayerScan {
        LayerScan(mounted: session.mounted, writer: editor.writer, environment: environment)
    }

    private func readBack(
        _ session: inout Session, into editor: TreeEditor, startedAt: Int64, resolver: TreePath?
    ) throws(Failure) -> [String] {
        let layer = try scan(session, editor).run(&session.memory)
        session.layerSize = layer.size
        var mountPoints = Set(ProgramLookup.mountPoints)
        var made = resolver
        while let path = made, !path.isRoot {
            mountPoints.insert(path)
            made = path.parent
        }
        var reading = LayerReading(
            base: session.mounted.base, editor: editor, startedAt: startedAt, mountPoints: mountPoints)
        let findings = try reading.apply(layer)
        session.shown = try editor.finish()
        return findings
    }
}
