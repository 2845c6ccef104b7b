import Platform

/// The mount namespace of a program that runs.
final class ProgramSpace: Sendable {
    let descriptor: FileDescriptor

    /// `process` is one of the program's.
    init(of process: Int32) throws(SystemError) { descriptor = try FileDescriptor.open("/proc/\(process)/ns/mnt", .read) }
}

extension MountedTree {
    /// Shows a device to a program that runs.
    func show(_ node: String, as name: String, to space: ProgramSpace) throws(SystemError) {
        try perform(with: [space.descriptor.raw]) { steps in
            steps.hold(node)
            steps.join(3)
            steps.place(name, in: DeviceNames.folder)
        }
    }

    /// Takes a device from a program that runs.
    func hide(_ name: String, from space: ProgramSpace) throws(SystemError) {
        try perform(with: [space.descriptor.raw]) { steps in
            steps.join(3)
            steps.displace(name, in: DeviceNames.folder)
        }
    }
}
