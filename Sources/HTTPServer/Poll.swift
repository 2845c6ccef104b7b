import CLinux
import Glibc
import Platform

/// Waits for many sockets at once. A watch fires once, on one of the threads that wait, and is silent until it is set again; so whatever
/// belongs to a socket is touched by one thread at a time.
package struct Poll: ~Copyable, Sendable {
    package enum Interest: Sendable {
        case reading, writing
    }

    private let descriptor: FileDescriptor

    package init() throws(SystemError) {
        let raw = try retrying("epoll_create1") { clinux_poll_create() }
        descriptor = FileDescriptor(owning: raw, path: "epoll")
    }

    /// False where the system does not let it be watched.
    package func watch(_ socket: Int32, id: UInt64, for interest: Interest, isNew: Bool) -> Bool {
        let flag = interest == .reading ? CLINUX_POLL_READABLE : CLINUX_POLL_WRITABLE
        return clinux_poll_watch(descriptor.raw, socket, id, Int32(flag.rawValue), isNew ? 1 : 0) == 0
    }

    /// The id of a socket that can go on; nil when the time is over.
    package func wait(milliseconds: Int) -> UInt64? {
        var id: UInt64 = 0
        return unsafe clinux_poll_wait(descriptor.raw, Int32(milliseconds), &id) == 1 ? id : nil
    }

    /// Does nothing for a while.
    func pause(milliseconds: Int) { _ = Glibc.poll(nil, 0, Int32(milliseconds)) }
}

/// A socket that connections come from.
package struct Listener: ~Copyable, Sendable {
    package let socket: FileDescriptor
    let port: UInt16

    private static let backlog: Int32 = 1024

    /// `address` is numeric; port 0 is any free one.
    package init(address: String, port: UInt16) throws(SystemError) {
        var taken = port
        let shown = address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
        let raw = try retrying("listen", shown) { unsafe clinux_listen(address, &taken, Self.backlog) }
        socket = FileDescriptor(owning: raw, path: shown)
        self.port = taken
    }

    /// `socket` listens already, and does not block.
    package init(_ socket: consuming FileDescriptor, port: UInt16) {
        self.socket = socket
        self.port = port
    }

    package enum Arrival: ~Copyable {
        case connection(FileDescriptor)
        case none
        /// This process has no descriptor left.
        case full
    }

    /// The next connection that waits.
    package func accept() -> Arrival {
        while true {
            let raw = clinux_accept(socket.raw)
            if raw >= 0 { return .connection(FileDescriptor(owning: raw, path: "connection")) }
            // A client that has gone again is no reason to stop.
            if errno == EINTR || errno == ECONNABORTED { continue }
            return errno == EMFILE || errno == ENFILE ? .full : .none
        }
    }

    /// How many descriptors this process may have open, raised as far as it goes.
    static func raiseDescriptorLimit() -> Int {
        let limit = clinux_raise_descriptor_limit()
        return limit < 0 ? 1024 : Int(limit)
    }
}
