import Platform

/// A network namespace that the programs of a tree share, without a way to the host. Where it has a way out, slirp4netns takes the packets
/// and makes connections of its own, as an ordinary process of the host without privileges there.
final class ProgramNetwork: Sendable {
    private let holder: PreparedProcess
    private let holderLifeline: FileDescriptor
    private let space: FileDescriptor
    private let gateway: Gateway?

    /// An address in the namespace at which this process answers.
    final class Door: Sendable {
        /// In host order; the third of four that belong together.
        let address: UInt32
        let port: UInt16
        let channel: DescriptorChannel

        init(address: UInt32, port: UInt16) throws(SystemError) {
            self.address = address
            self.port = port
            channel = try DescriptorChannel()
        }

        /// The socket that listens there, once the network was made.
        func socket() throws(SystemError) -> FileDescriptor { try channel.receive("a door of a sandbox") }
    }

    /// The process that takes what goes out.
    private struct Gateway: ~Copyable, Sendable {
        let process: PreparedProcess
        let lifeline: FileDescriptor

        deinit { process.signal(9) }
    }

    /// Where slirp4netns answers questions for names.
    static let resolver = "nameserver 10.0.2.3\n"

    /// The namespace, for setns(2).
    var descriptor: Int32 { space.raw }

    /// What the holder does, after which it only waits.
    private static func steps(
        _ access: NetworkAccess, hostAddresses: [UInt32], door: Door?, channel: Int
    ) throws(SystemError) -> Steps {
        guard let cat = Programs.find("cat") else { throw SystemError("execve", "cat", errno: 2) }
        var steps = Steps()
        if let door {
            steps.makeDoor(address: door.address, port: door.port, channel: channel)
        } else {
            steps.unshare(.network)
        }
        steps.turnLoopbackOn()
        if access == .outgoing {
            // Machines in clouds get their credentials at a link-local address.
            steps.reject(address: 0xA9FE_0000, mask: 0xFFFF_0000)
            for address in hostAddresses { steps.reject(address: address, mask: 0xFFFF_FFFF) }
        }
        steps.execute(cat, [])
        return steps
    }

    /// `hostAddresses` are not reached: slirp4netns itself keeps away from the host's loopback alone.
    init(
        _ access: NetworkAccess, in mounted: MountedTree, hostAddresses: [UInt32], door: Door? = nil
    ) throws(SystemError) {
        let null = try FileDescriptor.open("/dev/null", .readWrite)
        let lifeline = try Pipe()
        let descriptors = [lifeline.readEnd.raw, null.raw, null.raw]
        let steps = try Self.steps(access, hostAddresses: hostAddresses, door: door, channel: descriptors.count)
        let channel = door.map { [$0.channel.there.raw] } ?? []
        holder = try mounted.start({ $0.append(steps) }, descriptors: descriptors + channel, outlivesThread: true)
        try holder.waitUntilStarted()
        holderLifeline = lifeline.writing()
        space = try FileDescriptor.open("/proc/\(holder.process)/ns/net", .read)
        gateway = access == .outgoing ? try Self.startGateway(to: holder.process, null: null.raw, in: mounted) : nil
    }

    private static func startGateway(
        to process: Int32, null: Int32, in mounted: MountedTree
    ) throws(SystemError) -> Gateway {
        guard let program = Programs.find("slirp4netns") else { throw SystemError("execve", "slirp4netns", errno: 2) }
        let ready = try Pipe()
        let exit = try Pipe()
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
            descriptors: [null, null, null, ready.writeEnd.raw, exit.readEnd.raw], outlivesThread: true)
        try gateway.waitUntilStarted()
        let answer = ready.reading()
        if try !answer.waitForByte() { throw SystemError("slirp4netns", "a network for the sandbox", errno: 71) }
        return Gateway(process: gateway, lifeline: exit.writing())
    }

    deinit { holder.signal(9) }
}
