import Glibc
import Model
import Platform

/// What running programs in the sandbox needs of the machine, and what helps where it is missing.
enum Availability {
    /// Throws `.unavailable` with the first thing that is missing, and the command that mends it.
    static func check() throws(Failure) {
        let isRoot = Users.effective.id == 0
        try checkPrograms(isRoot: isRoot)
        try checkNamespaces()
        if isRoot {
            try checkDevice("/dev/loop-control", "load the kernel's module: modprobe loop")
        } else {
            guard IdentityRange.ofThisUser() != nil else { throw noRange }
            try checkDevice("/dev/fuse", "let users have it: modprobe fuse && chmod 0666 /dev/fuse")
        }
    }

    static var noRange: Failure {
        let name = Users.effective.name
        return Failure(
            .unavailable,
            "programs cannot be run in the sandbox: /etc/subuid or /etc/subgid gives \(name) no range of \(IdentityRange.count) ids",
            hint: "as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 \(name)")
    }

    private static func checkPrograms(isRoot: Bool) throws(Failure) {
        var needed: [(program: String, package: String)] = [
            ("bwrap", "bubblewrap"), ("tar", "tar"), ("cat", "coreutils"), ("rm", "coreutils"), ("xargs", "findutils"),
        ]
        if !isRoot { needed += [("newuidmap", "uidmap"), ("newgidmap", "uidmap"), ("fuse2fs", "fuse2fs")] }
        try require(needed, "programs cannot be run in the sandbox")
    }

    /// Throws `.unavailable` where programs of the host are missing: what cannot be, and which packages mend it.
    static func require(_ needed: [(program: String, package: String)], _ obstacle: String) throws(Failure) {
        let missing = needed.filter { Programs.find($0.program) == nil }
        if missing.isEmpty { return }
        let packages = Set(missing.map(\.package)).sorted().joined(separator: " ")
        throw Failure(
            .unavailable, "\(obstacle): \(missing.map(\.program).joined(separator: ", ")) is missing",
            hint: "apt-get install \(packages)")
    }

    private static func checkNamespaces() throws(Failure) {
        do throws(SystemError) {
            guard let program = Programs.find("true") else { return }
            var steps = Steps()
            steps.unshare([.users, .mounts])
            steps.execute(program, [])
            var process = try PreparedProcess.start(steps, environment: [:], descriptors: [])
            try process.waitUntilStarted()
            _ = process.wait()
        } catch {
            throw Failure(
                .unavailable, "programs cannot be run in the sandbox: the kernel makes no user namespace for this user",
                hint: "sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000", cause: error)
        }
    }

    private static func checkDevice(_ path: String, _ hint: String) throws(Failure) {
        if unsafe access(path, R_OK | W_OK) == 0 { return }
        throw Failure(
            .unavailable, "programs cannot be run in the sandbox: \(path) cannot be opened", hint: hint,
            cause: SystemError("open", path))
    }

    /// What may help where mounting failed.
    static func hint(for error: SystemError) -> String? {
        if error.call.hasPrefix("mount overlay") {
            return
                "the workspace must lie on a file system with extended attributes (ext4, xfs, btrfs), and Linux be 5.11 or later"
        }
        if error.call.hasPrefix("mount /dev/loop") { return "load the kernel's module: modprobe ext4" }
        if error.call.hasPrefix("newuidmap") || error.call.hasPrefix("newgidmap") { return "see /etc/subuid and /etc/subgid" }
        return nil
    }
}
