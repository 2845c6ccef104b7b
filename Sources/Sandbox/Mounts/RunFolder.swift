import Glibc
import ImageStore
import Platform

/// The folder that programs have as /run, which is kept from one to the next.
///
/// What programs leave there is theirs. Bubblewrap would follow their links, and it still sees the host when it does: what is in the
/// way of something that it puts there has to go first.
struct RunFolder {
    let mounted: MountedTree

    static let path: TreePath = "/run"

    enum Wanted {
        case folder
        case file
    }

    /// Removes what is in the way of a folder or a file at a path; does nothing for a path outside of /run. No program may be running.
    func clear(_ path: TreePath, for wanted: Wanted) throws(SystemError) {
        guard path != Self.path, path.isWithin(Self.path) else { return }
        var place = Array(mounted.places.run.utf8)
        let names = path.bytes.split(separator: 0x2F).dropFirst()
        for (index, name) in names.enumerated() {
            let folder = place
            place += [0x2F] + name
            do throws(SystemError) {
                // Links are not followed, and none are among the folders above.
                let status = try Files.status(bytes: mounted.fromOutside(place))
                let isLast = index == names.count - 1
                if !(isLast && wanted == .file ? status.isRegular : status.isDirectory) { return try remove(place) }
            } catch {
                if error.isNotFound { return }
                // A folder that only the programs' users may look into.
                guard error.errno == EACCES, index > 0 else { throw error }
                return try remove(folder)
            }
        }
    }

    private func remove(_ place: [UInt8]) throws(SystemError) {
        guard let program = Programs.find("rm") else { throw SystemError("execve", "rm", errno: 2) }
        let null = try FileDescriptor.open("/dev/null", .readWrite)
        let path = String(decoding: place, as: UTF8.self)
        var process = try mounted.start(
            { $0.execute(program, ["-rf", "--", path]) }, descriptors: [null.raw, null.raw, null.raw])
        try process.waitUntilStarted()
        let status = process.wait()
        if !status.isSuccess { throw SystemError("rm, \(status)", path, errno: 5) }
    }
}
