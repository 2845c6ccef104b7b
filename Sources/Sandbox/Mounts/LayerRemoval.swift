import Platform

/// Removes what a sandbox left whose process was killed: its files belong to users of the range, in whose folders nobody else may be
/// able to look.
struct LayerRemoval {
    let range: IdentityRange

    /// All layers in a folder, which is a sandbox's or one that holds such. Nothing may be mounted there any more.
    func removeLayers(in folder: String, depth: Int = 3) throws(SystemError) {
        for name in Files.names(in: folder) {
            let path = "\(folder)/\(name)"
            guard (try? Files.status(path))?.isDirectory == true else { continue }
            if name == HolderStart.layerName {
                try remove(path)
            } else if depth > 0 {
                try removeLayers(in: path, depth: depth - 1)
            }
        }
    }

    /// By rm, which goes however deep, as root of a user namespace of its own.
    private func remove(_ layer: String) throws(SystemError) {
        guard let program = Programs.find("rm") else { throw SystemError("execve", "rm", errno: 2) }
        let asked = try Pipe()
        let answered = try Pipe()
        let null = try FileDescriptor.open("/dev/null", .readWrite)
        var steps = Steps()
        // The way there may be closed to the user that the process becomes.
        steps.changeFolder(layer)
        steps.unshare([.users, .mounts])
        steps.await(write: 3, read: 4)
        steps.becomeRoot()
        steps.execute(program, ["-rf", "--", MountedTree.Places.upperName, MountedTree.Places.scratchName])
        var process = try PreparedProcess.start(
            steps, environment: [:], descriptors: [null.raw, null.raw, null.raw, asked.writeEnd.raw, answered.readEnd.raw])
        let question = asked.reading()
        try range.map(to: process, question: question, answer: answered)
        try process.waitUntilStarted()
        let status = process.wait()
        if !status.isSuccess { throw SystemError("rm, \(status)", layer, errno: 5) }
    }
}
