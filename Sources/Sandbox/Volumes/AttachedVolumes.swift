import Glibc
import Model
import Platform
import Synchronization

/// The volumes that an instance has besides its root: block devices in the /dev of its programs, and what of them is mounted.
///
/// Each is a file of the host behind a loop device, which is free again as soon as this has gone, however the process ends.
final class AttachedVolumes: Sendable {
    private let mounted: MountedTree
    private let state = Mutex<[Volume]>([])
    /// Of programs that run.
    private let spaces = Mutex<[ProgramSpace]>([])

    private struct Volume {
        let names: DeviceNames
        let device: LoopDevice
        var server: FileSystemServer?
    }

    init(_ mounted: MountedTree) { self.mounted = mounted }

    private var places: MountedTree.Places { mounted.places }
    /// The user of the host that is root in the instance.
    var root: UInt32 { mounted.range.firstUser }
    private func node(_ name: String) -> String { "\(places.nodes)/\(name)" }
    /// Where a volume's file system is mounted before it is anywhere in the instance.
    private func place(_ names: DeviceNames) -> String { "\(places.volumes)/\(names.first)" }

    // MARK: Devices

    /// The devices, for a program that starts now: the path of each in the namespaces, and in the instance.
    var nodes: [(node: String, path: String)] {
        state.withLock { volumes in
            volumes.flatMap { $0.names.all }.map { (node: node($0), path: DeviceNames.folder + $0) }
        }
    }

    /// Shows a file as a device. Throws `.conflict` where one of the names is taken, `.unavailable` where the user can have no such device.
    func attach(_ file: String, as names: DeviceNames) throws(Failure) {
        try LiveTree.checkVolumes()
        try state.withLock { (volumes) throws(Failure) in
            guard !volumes.contains(where: { !Set($0.names.all).isDisjoint(with: names.all) }) else {
                throw Failure(.conflict, "another volume of the instance is already at /dev/\(names.first)")
            }
            do throws(SystemError) {
                let image = try FileDescriptor.open(file, .readWrite)
                let device = try LoopDevice(of: image.raw, isWritable: true)
                try makeNodes(names, device)
                volumes.append(Volume(names: names, device: device))
                // A program that ends meanwhile sees none.
                for space in spaces.withLock({ $0 }) {
                    for name in names.all { try? mounted.show(node(name), as: name, to: space) }
                }
            } catch {
                throw Failure(
                    .unavailable, "the volume /dev/\(names.first) cannot be made a device of the instance",
                    hint: "load the kernel's module: modprobe loop", cause: error)
            }
        }
    }

    private func makeNodes(_ names: DeviceNames, _ device: LoopDevice) throws(SystemError) {
        try mounted.performAsHost { steps in
            for name in names.all {
                steps.makeBlockDevice(
                    node(name), uid: mounted.range.firstUser, gid: mounted.range.firstGroup, major: device.major,
                    minor: device.minor)
            }
            steps.makeFolder(place(names))
        }
    }

    /// Takes a device away, from under programs that use it, too: nobody can open it any more, whatever was kept of it. What was written is in
    /// the file when this returns; a program that has it open still writes to that file, and to nothing else. Does nothing where there is no
    /// such device; one that cannot be taken away stays.
    func detach(_ names: DeviceNames) throws(Failure) {
        try state.withLock { (volumes) throws(Failure) in
            guard let index = volumes.firstIndex(where: { $0.names == names }) else { return }
            try end(&volumes[index])
            do throws(SystemError) {
                try mounted.performAsHost { steps in
                    for name in names.all { steps.revoke(node(name)) }
                    for name in names.all { steps.remove(node(name)) }
                    steps.remove(place(names))
                }
            } catch { throw Failure(.io, "the device /dev/\(names.first) cannot be taken from the instance", cause: error) }
            // Those of programs that have ended meanwhile are no more.
            for space in spaces.withLock({ $0 }) { for name in names.all { try? mounted.hide(name, from: space) } }
            let volume = volumes.remove(at: index)
            // What was written while it was taken away.
            do throws(SystemError) { try volume.device.synchronize() } catch { throw Self.notWritten(volume, error) }
        }
    }

    private func end(_ volume: inout Volume) throws(Failure) {
        if let server = volume.server {
            volume.server = nil
            if !server.end(at: place(volume.names), in: mounted) {
                throw Self.notWritten(volume, SystemError("fuse2fs", "/dev/\(volume.names.first)", errno: ETIMEDOUT))
            }
        }
        do throws(SystemError) { try volume.device.synchronize() } catch { throw Self.notWritten(volume, error) }
    }

    private static func notWritten(_ volume: Volume, _ cause: SystemError) -> Failure {
        Failure(.io, "what was written to /dev/\(volume.names.first) may not be in its volume", cause: cause)
    }

    /// Makes all durable that programs wrote to devices, or to what is mounted of them.
    func flush() throws(Failure) {
        try state.withLock { (volumes) throws(Failure) in
            for volume in volumes {
                do throws(SystemError) {
                    if let server = volume.server, !server.hasEnded { try mounted.perform { $0.flush(place(volume.names)) } }
                    try volume.device.synchronize()
                } catch { throw Self.notWritten(volume, error) }
            }
        }
    }

    /// Takes all devices away. No program may be running.
    func close() throws(Failure) {
        try state.withLock { (volumes) throws(Failure) in
            let outcomes = volumes.indices.map { index in Result { () throws(Failure) in try end(&volumes[index]) } }
            volumes = []
            for outcome in outcomes { try outcome.get() }
        }
    }

    // MARK: Programs

    /// A program runs, which may have been started before a device came.
    func began(_ space: ProgramSpace) { spaces.withLock { $0.append(space) } }

    func ended(_ space: ProgramSpace) { spaces.withLock { $0.removeAll { $0 === space } } }

    /// Whether a file system of a volume is mounted, by a server that has not ended.
    var hasMounts: Bool { state.withLockIfAvailable { $0.contains { $0.server?.hasEnded == false } } ?? true }

    // MARK: Mounts

    /// Mounts what is on a volume at a path of the instance. Returns 0, or errno.
    func mount(_ request: MountRequest, at path: String) -> Int32 {
        state.withLock { volumes in
            guard let index = volumes.firstIndex(where: { $0.names.all.contains(request.device) }) else { return EPERM }
            do throws(SystemError) {
                try serve(&volumes[index])
                let source = place(volumes[index].names)
                try mounted.perform {
                    $0.graft(source, at: path, in: places.merged, request.attributes, hidden: Self.hidden)
                }
                return 0
            } catch {
                _ = endIfUnused(&volumes[index])
                return error.errno
            }
        }
    }

    /// Other mounts of the sandbox hide these from programs.
    private static let hidden = ["/dev", "/proc", "/run", "/sys"]

    private func serve(_ volume: inout Volume) throws(SystemError) {
        if let server = volume.server {
            if !server.hasEnded { return }
            _ = server.end(at: place(volume.names), in: mounted)
            volume.server = nil
        }
        var magic: [UInt8] = [0, 0]
        _ = try volume.device.read(into: &magic, count: 2, at: Self.magicOffset)
        guard magic == Self.magic else { throw SystemError("mount", volume.names.first, errno: EINVAL) }
        volume.server = try FileSystemServer(of: volume.names.first, at: place(volume.names), in: mounted)
    }

    /// What the superblock of ext2 to ext4 begins its second kilobyte with, at 56.
    private static let magic: [UInt8] = [0x53, 0xEF]
    private static let magicOffset = 1024 + 56

    /// Unmounts what is mounted at a path, or somewhere of a device that is named. Returns 0, or errno: EPERM where it is none of a volume.
    func unmount(_ path: String) -> Int32 {
        state.withLock { volumes in
            for index in volumes.indices where volumes[index].server != nil {
                let source = place(volumes[index].names)
                let copies = (try? mounted.mountTable().copies(of: source, below: places.merged)) ?? []
                let isDevice = volumes[index].names.all.contains { DeviceNames.folder + $0 == path }
                guard let copy = isDevice ? copies.first : path else { continue }
                do throws(SystemError) {
                    try mounted.perform { $0.prune(source, at: copy, in: places.merged) }
                } catch {
                    // That of another volume.
                    if error.errno == EINVAL { continue }
                    return error.errno
                }
                return endIfUnused(&volumes[index]) ? 0 : EIO
            }
            return EPERM
        }
    }

    /// Ends what serves a volume that is mounted nowhere any more. False where not all may be on the device then.
    private func endIfUnused(_ volume: inout Volume) -> Bool {
        guard let server = volume.server else { return true }
        guard let table = try? mounted.mountTable() else { return false }
        guard table.copies(of: place(volume.names), below: places.merged).isEmpty else { return true }
        volume.server = nil
        return server.end(at: place(volume.names), in: mounted)
    }
}
