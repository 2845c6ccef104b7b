import CLinux

/// A file of the host as a read-only block device, for root. The device is free again when neither this nor a mount has it any more,
/// however the process ends.
package final class LoopDevice {
    private let device: FileDescriptor
    package var path: String { device.path }

    /// `image` is open for reading.
    package init(of image: Int32) throws(SystemError) {
        var number: Int32 = -1
        let device = unsafe clinux_loop_attach(image, &number)
        if device < 0 { throw SystemError("LOOP_CONFIGURE", "/dev/loop-control") }
        self.device = FileDescriptor(owning: device, path: "/dev/loop\(number)")
    }
}
