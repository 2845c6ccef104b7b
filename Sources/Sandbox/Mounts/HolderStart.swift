import ImageStore
import Platform

/// Starts the process that holds the namespaces of a mounted tree, and lets it mount.
///
/// As root of the host it mounts the image through a loop device before it becomes nobody; an ordinary user's process is served the
/// image by fuse2fs, as the root of its own user namespace.
struct HolderStart {
    let places: MountedTree.Places
    /// Of the host; the writable layer lies in it.
    let folder: String
    let range: IdentityRange
    let isRoot: Bool
    /// Of the image's root directory.
    let root: Metadata
    /// The image's file, open.
    let image: Int32

    /// The descriptors of the holder.
    private enum Descriptor {
        static let lifeline = 0
        static let asked = 3
        static let answered = 4
        static let image = 5
    }

    func run(lifeline: Int32) throws(SystemError) -> PreparedProcess {
        try makeLayerFolder()
        let device = isRoot ? try LoopDevice(of: image) : nil
        // Until it is mounted, nobody else has it.
        defer { withExtendedLifetime(device) {} }
        let asked = try Pipe()
        let answered = try Pipe()
        let null = try FileDescriptor.open("/dev/null", .readWrite)
        let steps = try steps(device: device?.path)
        let holder = try PreparedProcess.start(
            steps, environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
            descriptors: [lifeline, null.raw, null.raw, asked.writeEnd.raw, answered.readEnd.raw, image])
        let question = asked.reading()
        try range.map(to: holder, question: question, answer: answered)
        try holder.waitUntilStarted()
        return holder
    }

    /// A folder in the writable layer's own, which the root of the namespaces may write, and nobody else may come to.
    private func makeLayerFolder() throws(SystemError) {
        try Files.makeFolders(folder, permissions: 0o700)
        try Files.makeFolder(bytes: Array(layer.utf8))
        try Files.setMode(bytes: Array(layer.utf8), 0o777)
    }

    /// The folder of the writable layer, in that of the mount.
    static let layerName = "layer"
    private var layer: String { "\(folder)/\(Self.layerName)" }

    // MARK: Steps

    private func steps(device: String?) throws(SystemError) -> Steps {
        var steps = Steps()
        // The way there may be closed to the user that the process becomes.
        steps.changeFolder(layer)
        if let device {
            steps.unshare(.mounts)
            mountTop(&steps)
            // Its devices are those of the image's author: none of them may be opened.
            steps.mount(device, at: places.base, type: "ext4", [.readOnly, .noDevices, .noSetuid])
            if Files.exists("/dev/net/tun") {
                steps.makeCharacterDevice(places.tunnel, mode: 0o666, major: 10, minor: 200)
                steps.mount(places.tunnel, at: "/dev/net/tun", .bind)
            }
        }
        steps.unshare([.users, .mounts])
        steps.await(write: Descriptor.asked, read: Descriptor.answered)
        steps.becomeRoot()
        if !isRoot {
            mountTop(&steps)
            try serveBase(&steps)
        }
        mountOverlay(&steps)
        steps.changeFolder("/")
        guard let cat = Programs.find("cat") else { throw SystemError("execve", "cat", errno: 2) }
        steps.execute(cat, [])
        return steps
    }

    private func mountTop(_ steps: inout Steps) {
        steps.mount("", at: "/", [.recursive, .slave])
        steps.mount("ingot", at: places.top, type: "tmpfs", .noSetuid, options: "mode=755,size=1m")
        for path in [places.base, places.merged, places.writable, places.run, places.nodes, places.volumes] {
            steps.makeFolder(path)
        }
        steps.mount(".", at: places.writable, .bind)
    }

    private func serveBase(_ steps: inout Steps) throws(SystemError) {
        guard let program = Programs.find("fuse2fs") else { throw SystemError("execve", "fuse2fs", errno: 2) }
        steps.serve([program, "-f", "-o", "ro,allow_other,default_permissions", "/proc/self/fd/\(Descriptor.image)", places.base])
        steps.waitForMount(places.base, milliseconds: 20_000)
    }

    private func mountOverlay(_ steps: inout Steps) {
        steps.makeFolder(places.upper, mode: root.mode, uid: root.uid, gid: root.gid, modified: root.modified)
        steps.makeFolder(places.scratch)
        // Nothing of the layer outlives the machine, so nothing of it need be on the disk (volatile).
        let options = "lowerdir=\(places.base),upperdir=\(places.upper),workdir=\(places.scratch),userxattr,volatile"
        steps.mount("overlay", at: places.merged, type: "overlay", [.noDevices, .noSetuid], options: options)
        // What is mounted in it later is seen by programs that run already.
        steps.mount("", at: places.merged, .shared)
        steps.mount("run", at: places.run, type: "tmpfs", [.noDevices, .noSetuid], options: "mode=755,size=256m")
    }
}
