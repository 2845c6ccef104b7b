import Glibc

/// The addresses of this machine.
package enum HostAddresses {
    /// Those of IPv4 beside loopback, in host byte order, each once; empty where the system does not tell.
    package static var internet: [UInt32] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&list) == 0 else { return [] }
        defer { unsafe freeifaddrs(list) }
        var found: Set<UInt32> = []
        var next = unsafe list
        while let interface = unsafe next {
            if let address = unsafe address(interface.pointee.ifa_addr) { found.insert(address) }
            unsafe next = interface.pointee.ifa_next
        }
        return found.filter { $0 >> 24 != 127 }.sorted()
    }

    private static func address(_ socket: UnsafeMutablePointer<sockaddr>?) -> UInt32? {
        guard let socket = unsafe socket, unsafe socket.pointee.sa_family == sa_family_t(AF_INET) else { return nil }
        return unsafe socket.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
            unsafe UInt32(bigEndian: $0.pointee.sin_addr.s_addr)
        }
    }
}
