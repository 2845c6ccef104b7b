import CLinux
import Glibc
import Platform
import Sandbox
import TestSupport
import Testing

/// What processes of the host offer to all others on the machine, without a file.
@Suite(
    .serialized, .enabled(if: SandboxFixture.isAvailable, "\(SandboxFixture.obstacle ?? "")"),
    .enabled(if: ProbeProgram.obstacle == nil, "\(ProbeProgram.obstacle ?? "")"))
struct ProbeNeighbourTests {
    private static func outcome(
        _ tool: String, behind walls: Walls, network: NetworkAccess = .none, _ environment: [String: String]
    ) throws -> String {
        try withSandbox(walls: walls) { fixture in
            try ProbeProgram.add(to: fixture)
            return try fixture.run("/bin/probe \(tool)") {
                $0.environment = environment
                $0.network = network
                $0.limits.time = 20_000_000_000
            }.text
        }
    }

    @Test("sockets of the host with abstract names are not reached; without a network namespace they are")
    func abstractSocket() throws {
        let name = "ingot-probe-\(try Random.token())"
        let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let server = FileDescriptor(owning: raw, path: "a server")
        defer { withExtendedLifetime(server) {} }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0[1...].copyBytes(from: Array(name.utf8)) }
        let size = socklen_t(2 + 1 + name.utf8.count)
        let bound = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(raw, $0, size) }
        }
        #expect(bound == 0 && listen(raw, 8) == 0)
        let given = ["ABSTRACT": name]
        #expect(try Self.outcome("connect-abstract", behind: .all, given) == "connect-abstract ECONNREFUSED")
        #expect(try Self.outcome("connect-abstract", behind: .all, network: .outgoing, given) == "connect-abstract ECONNREFUSED")
        let open = Walls.all.subtracting(.network)
        #expect(try Self.outcome("connect-abstract", behind: open, given) == "connect-abstract reached")
    }

    @Test("System V objects of the host are not seen; without the namespace for them they are")
    func sharedMemory() throws {
        let key = Int32.random(in: 1_000_000...2_000_000_000)
        let identifier = shmget(key, 4096, 0o1666)
        #expect(identifier >= 0)
        defer { _ = shmctl(identifier, 0, nil) }
        let given = ["KEY": "\(key)"]
        #expect(try Self.outcome("attach-shared-memory", behind: .all, given) == "attach-shared-memory ENOENT")
        let open = Walls.all.subtracting(.messages)
        #expect(try Self.outcome("attach-shared-memory", behind: open, given) == "attach-shared-memory reached")
    }

    @Test("services of the host on loopback are not reached; without a network namespace they are")
    func loopback() throws {
        let server = try ProbeServer()
        let script = "nc -w 3 127.0.0.1 \(server.port) </dev/null >/dev/null 2>&1 && echo yes || echo no"
        // Without an end of its own: nobody answers.
        let printed = { (walls: Walls) in
            try withSandbox(walls: walls) { try $0.run(script) { $0.limits.time = 1_000_000_000 }.text }
        }
        #expect(try printed(.all) == "no")
        #expect(!server.wasReached)
        _ = try printed(Walls.all.subtracting(.network))
        #expect(server.wasReached)
    }

    @Test("without the network no name is found and no address is reached")
    func noNetwork() throws {
        try withSandbox { fixture in
            let (_, text) = try fixture.run(
                """
                nc -w 2 1.1.1.1 53 </dev/null >/dev/null 2>&1 || echo no
                wget -T 2 -q -O - http://deb.debian.org/ >/dev/null 2>&1 || echo no
                """
            ) { $0.limits.time = 10_000_000_000 }
            #expect(text == "no\nno")
        }
    }

    @Test("descriptors of Ingot are not inherited, also those that are not closed at exec")
    func descriptors() throws {
        let file = try FileDescriptor.open("/etc/hostname", .read)
        let copies = (0..<40).map { _ in dup(file.raw) }
        defer { for copy in copies { close(copy) } }
        try withSandbox { fixture in
            let (_, text) = try fixture.run("for f in /proc/self/fd/*; do readlink $f; done | grep -c hostname")
            #expect(text == "0")
            #expect(try fixture.run("ls /proc/self/fd | wc -l").text == "4")
        }
    }
}

/// A server of the host, on 127.0.0.1 or another address of its own.
final class ProbeServer {
    private let socket: FileDescriptor
    let port: UInt16

    init(address hostAddress: UInt32 = 0x7F00_0001) throws {
        let raw = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | 0o4000, 0)
        socket = FileDescriptor(owning: raw, path: "a server")
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = hostAddress.bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = unsafe bind(raw, $0, size)
                _ = unsafe getsockname(raw, $0, &size)
            }
        }
        listen(raw, 8)
        port = UInt16(bigEndian: address.sin_port)
    }

    var wasReached: Bool { accept(socket.raw, nil, nil) >= 0 }
}
