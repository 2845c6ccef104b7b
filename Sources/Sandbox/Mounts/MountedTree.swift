import ImageStore
import Model
import Platform
import Synchronization

/// A tree that is mounted in namespaces of its own: the image's file system below, an overlay above it that takes what is written.
///
/// A process of the host, the holder, keeps the namespaces; it ends when this does, or when Ingot dies, and with it go the mounts and the
/// loop device. In them the user who is root is nobody of the host.
final class MountedTree: Sendable {
    /// Where the mounts are in the namespaces. They hide what the host has there.
    struct Places: Sendable {
        /// As the mount's folder on the host has them.
        static let upperName = "upper"
        static let scratchName = "work"

        let top: String
        var base: String { top + "/base" }
        var merged: String { top + "/merged" }
        /// Holds the two folders of an overlay that must lie in one file system.
        var writable: String { top + "/writable" }
        /// What was written.
        var upper: String { "\(writable)/\(Self.upperName)" }
        /// Overlayfs's own.
        var scratch: String { "\(writable)/\(Self.scratchName)" }
        /// What programs have as /run: kept from one program to the next.
        var run: String { top + "/run" }
        var tunnel: String { top + "/tun" }
        /// Block devices of an instance's volumes.
        var nodes: String { top + "/nodes" }
        /// Where their file systems are mounted first.
        var volumes: String { top + "/volumes" }
    }

    let base: Tree
    let places: Places
    let range: IdentityRange
    private let folder: String
    private let image: TreeImageFile
    private let holder: PreparedProcess
    /// The holder ends when nobody has this open any more.
    private let lifeline: FileDescriptor
    private let network = Mutex<ProgramNetwork?>(nil)
    private let users: FileDescriptor
    private let mounts: FileDescriptor

    /// Mounts `base`. `folder` is a new one, of this mount's own.
    init(_ base: Tree, images: TreeImageCache, folder: String, range: IdentityRange) throws(Failure) {
        let isRoot = Users.effective.id == 0
        image = try images.image(
            of: base, shift: OwnerShift(offset: isRoot ? range.firstUser : 0, count: IdentityRange.count))
        self.base = base
        self.folder = folder
        self.range = range
        guard let top = ["/mnt", "/media", "/srv", "/opt"].first(where: { Files.exists($0) }) else {
            throw Failure(.unavailable, "no place to mount an image: /mnt does not exist", hint: "make the folder /mnt")
        }
        places = Places(top: top)
        do throws(SystemError) {
            let lifeline = try Pipe()
            let start = HolderStart(
                places: places, folder: folder, range: range, isRoot: isRoot, root: base.rootNode.metadata,
                image: image.descriptor.raw)
            holder = try start.run(lifeline: lifeline.readEnd.raw)
            self.lifeline = lifeline.writing()
            users = try FileDescriptor.open("/proc/\(holder.process)/ns/user", .read)
            mounts = try FileDescriptor.open("/proc/\(holder.process)/ns/mnt", .read)
        } catch {
            throw Failure(
                .unavailable, "the image cannot be mounted for the sandbox", hint: Availability.hint(for: error), cause: error)
        }
    }

    /// Starts a process as root of the namespaces. `descriptors` are its descriptors from 0 on; `before` is done as the user of the
    /// host, `steps` in the namespaces. It dies with the thread that calls this; with `outlivesThread` it does not, and `steps` or the program see to its
    /// end.
    func start(
        before: Steps = Steps(), _ steps: (inout Steps) -> Void, environment: [String: String] = [:], descriptors: [Int32],
        network: Int32? = nil, outlivesThread: Bool = false
    ) throws(SystemError) -> PreparedProcess {
        var all = before
        var descriptors = descriptors
        for space in [users.raw, network, mounts.raw].compactMap(\.self) {
            all.join(descriptors.count)
            descriptors.append(space)
        }
        all.becomeRoot()
        if !outlivesThread { all.dieWithParent() }
        all.changeFolder("/")
        steps(&all)
        return try PreparedProcess.start(all, environment: environment, descriptors: descriptors)
    }

    /// Does steps where the mounts are, as the user of the host, who alone can make devices there.
    func performAsHost(_ steps: (inout Steps) -> Void) throws(SystemError) {
        let null = try FileDescriptor.open("/dev/null", .readWrite)
        var all = Steps()
        all.join(3)
        all.dieWithParent()
        steps(&all)
        var process = try PreparedProcess.start(
            all, environment: [:], descriptors: [null.raw, null.raw, null.raw, mounts.raw])
        try process.waitUntilStarted()
        _ = process.wait()
    }

    /// Does steps as root of the namespaces; `further` are their descriptors from 3 on. Throws ETIMEDOUT where they take longer than a minute.
    func perform(with further: [Int32] = [], _ steps: (inout Steps) -> Void) throws(SystemError) {
        let null = try FileDescriptor.open("/dev/null", .readWrite)
        var process = try start(steps, descriptors: [null.raw, null.raw, null.raw] + further)
        guard process.hasEnded(within: 60_000) else { throw SystemError("wait", "a process", errno: 110) }
        try process.waitUntilStarted()
        _ = process.wait()
    }

    /// What is mounted in the namespaces.
    func mountTable() throws(SystemError) -> MountTable {
        MountTable(String(decoding: try Files.readStream("/proc/\(holder.process)/mountinfo"), as: UTF8.self))
    }

    /// Where a path of the namespaces is for this process. A link on the way leads where it leads for the host.
    func fromOutside(_ path: [UInt8]) -> [UInt8] { Array("/proc/\(holder.process)/root".utf8) + path }

    /// The network that programs share: one with a way out is made when it is wanted first. Nil where each is to have its own, empty one.
    func network(for access: NetworkAccess, _ walls: Walls) throws(SystemError) -> ProgramNetwork? {
        try network.withLock { (network) throws(SystemError) in
            if network == nil && access == .outgoing {
                network = try ProgramNetwork(.outgoing, in: self, hostAddresses: hostAddresses(walls))
            }
            return network
        }
    }

    /// Makes the network that all programs share from now on, with a door in it. Returns the socket that listens there.
    func open(_ door: ProgramNetwork.Door, _ access: NetworkAccess, _ walls: Walls) throws(SystemError) -> FileDescriptor {
        let made = try ProgramNetwork(access, in: self, hostAddresses: hostAddresses(walls), door: door)
        network.withLock { $0 = made }
        return try door.socket()
    }

    private func hostAddresses(_ walls: Walls) -> [UInt32] { walls.contains(.hostAddresses) ? HostAddresses.internet : [] }

    /// Ends the namespaces, and removes the folder.
    func close() {
        network.withLock { $0 = nil }
        try? removeLayer()
        holder.end()
        try? Files.removeTree(folder)
    }

    /// What programs wrote belongs to users of the range, whose folders nobody else may be able to enter.
    private func removeLayer() throws(SystemError) {
        guard let program = Programs.find("rm") else { return }
        let null = try FileDescriptor.open("/dev/null", .readWrite)
        var process = try start(
            { $0.execute(program, ["-rf", "--", places.upper, places.scratch]) },
            descriptors: [null.raw, null.raw, null.raw])
        _ = process.wait()
    }
}
