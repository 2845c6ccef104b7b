import CLinux

/// A file of the host as a block device, for root. The device is free again when neither this nor a mount has it any more,
/// however the process ends.
package final class LoopDevice: Sendable {
    private let device: FileDescriptor
    package let major: UInt32
    package let minor: UInt32
    package var path: String { device.path }

    /// `image` is open for reading, and for writing where the device is to be written.
    package init(of image: Int32, isWritable: Bool = false) throws(SystemError) {
        var number: Int32 = -1
        let device = unsafe clinux_loop_attach(image, isWritable ? 1 : 0, &number)
        if device < 0 { throw SystemError("LOOP_CONFIGURE", "/dev/loop-control") }
        self.device = FileDescriptor(owning: device, path: "/dev/loop\(number)")
        let status = try self.device.status()
        major = status.deviceMajor
        minor = status.deviceMinor
    }

    /// Makes what was written to the device durable in its file.
    package func synchronize() throws(SystemError) { try device.synchronize() }

    /// Reads at an offset what programs read of the device, too.
    package func read(into buffer: inout [UInt8], count: Int, at offset: Int) throws(SystemError) -> Int {
        try device.read(into: &buffer, count: count, at: offset)
    }
}
