import Platform

/// A network namespace with a way out and no way to the host: slirp4netns takes the packets and makes connections of its own, as an
/// ordinary process of the host without privileges there.
final class OutgoingNetwork: Sendable {
    private let holder: PreparedProcess
    private let gateway: PreparedProcess
    private let holderLifeline: FileDescriptor
    private let gatewayLifeline: FileDescriptor
    private let space: FileDescriptor

    /// Where slirp4netns answers questions for names.
    static let resolver = "nameserver 10.0.2.3\n"

    /// The namespace, for setns(2).
    var descriptor: Int32 { space.raw }

    /// `hostAddresses` are not reached: slirp4netns itself keeps away from the host's loopback alone.
    init(in mounted: MountedTree, hostAddresses: [UInt32]) throws(SystemError) {
        let null = try FileDescriptor.open("/dev/null", .readWrite)
        let lifeline = try Pipe()
        guard let cat = Programs.find("cat") else { throw SystemError("execve", "cat", errno: 2) }
        holder = try mounted.start(
            {
                $0.unshare(.network)
                $0.turnLoopbackOn()
                // Machines in clouds get their credentials at a link-local address.
                $0.reject(address: 0xA9FE_0000, mask: 0xFFFF_0000)
                for address in hostAddresses { $0.reject(address: address, mask: 0xFFFF_FFFF) }
                $0.execute(cat, [])
            }, descriptors: [lifeline.readEnd.raw, null.raw, null.raw], outlivesThread: true)
        try holder.waitUntilStarted()
        holderLifeline = lifeline.writing()
        space = try FileDescriptor.open("/proc/\(holder.process)/ns/net", .read)
        let exit = try Pipe()
        gateway = try Self.startGateway(to: holder.process, exit: exit.readEnd.raw, null: null.raw, in: mounted)
        gatewayLifeline = exit.writing()
    }

    private static func startGateway(
        to process: Int32, exit: Int32, null: Int32, in mounted: MountedTree
    ) throws(SystemError) -> PreparedProcess {
        guard let program = Programs.find("slirp4netns") else { throw SystemError("execve", "slirp4netns", errno: 2) }
        let ready = try Pipe()
        let gateway = try mounted.start(
            {
                $0.execute(
                    program,
                    [
                        "--configure", "--mtu=65520", "--disable-host-loopback", "--enable-seccomp", "--ready-fd=3",
                        "--exit-fd=4",
                        "--netns-type=path", "/proc/\(process)/ns/net", "tap0",
                    ])
            }, environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
            descriptors: [null, null, null, ready.writeEnd.raw, exit], outlivesThread: true)
        try gateway.waitUntilStarted()
        let answer = ready.reading()
        if try !answer.waitForByte() { throw SystemError("slirp4netns", "a network for the sandbox", errno: 71) }
        return gateway
    }

    deinit {
        gateway.signal(9)
        holder.signal(9)
    }
}
