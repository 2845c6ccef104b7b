import Platform

extension IdentityRange {
    /// Waits until the process is in its user namespace, says who is who in it, and lets it go on.
    func map(
        to holder: borrowing PreparedProcess, question: borrowing FileDescriptor, answer: borrowing Pipe
    ) throws(SystemError) {
        guard try question.waitForByte() else {
            try holder.waitUntilStarted()
            throw SystemError("await", "the holder of the namespaces", errno: 32)
        }
        let process = "\(holder.process)"
        if Users.effective.id == 0 {
            try Files.overwrite("/proc/\(process)/uid_map", "0 \(firstUser) \(Self.count)\n")
            try Files.overwrite("/proc/\(process)/gid_map", "0 \(firstGroup) \(Self.count)\n")
        } else {
            try map("newuidmap", process, firstUser)
            try map("newgidmap", process, firstGroup)
        }
        // This process has the reading end too, so that no signal comes where the holder has died.
        try answer.writeEnd.write([1])
    }

    private func map(_ program: String, _ process: String, _ first: UInt32) throws(SystemError) {
        guard let path = Programs.find(program) else { throw SystemError("execve", program, errno: 2) }
        let command = Subprocess(path, [process, "0", "\(first)", "\(Self.count)"])
        guard let status = try? command.run(in: .system()), status.isSuccess else {
            throw SystemError(program, "\(first) \(Self.count)", errno: 1)
        }
    }
}
