import CLinux
import Glibc

/// A pair of sockets through which a process that prepares itself gives a descriptor to this one.
package struct DescriptorChannel: ~Copyable, Sendable {
    private let here: FileDescriptor
    /// The end of the other process.
    package let there: FileDescriptor

    package init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        try retrying("socketpair") { unsafe clinux_channel(&ends) }
        here = FileDescriptor(owning: ends[0], path: "a channel")
        there = FileDescriptor(owning: ends[1], path: "a channel")
    }

    /// The descriptor that was sent; throws EAGAIN where none was.
    package func receive(_ path: String) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try retrying("recvmsg", path) { clinux_receive_descriptor(here.raw) }, path: path)
    }
}
