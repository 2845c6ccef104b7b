import Glibc

// Files below a folder that somebody else names: no symbolic link and no `..` leads out of it.
extension FileDescriptor {
    /// A folder in this one, which is a directory; a symbolic link is refused. With `isMade` it is made where it is missing.
    package func folder(_ name: String, isMade: Bool = false) throws(SystemError) -> FileDescriptor {
        let shown = "\(path)/\(name)"
        if isMade, unsafe mkdirat(raw, name, 0o755) != 0, errno != EEXIST { throw SystemError("mkdir", shown) }
        let opened = try retrying("open", shown) {
            unsafe openat(raw, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        }
        return FileDescriptor(owning: opened, path: shown)
    }

    /// An ordinary file in this folder, to be read; a symbolic link, a device or a pipe is refused as something that is not there.
    package func file(_ name: String) throws(SystemError) -> FileDescriptor {
        let shown = "\(path)/\(name)"
        let opened = try retrying("open", shown) {
            unsafe openat(raw, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        }
        let file = FileDescriptor(owning: opened, path: shown)
        guard try file.status().isRegular else { throw SystemError("open", shown, errno: ENOENT) }
        return file
    }

    /// A new file in this folder; fails where there is something of the name.
    package func newFile(_ name: String, permissions: UInt32 = 0o644) throws(SystemError) -> FileDescriptor {
        let shown = "\(path)/\(name)"
        let opened = try retrying("open", shown) {
            unsafe openat(raw, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, permissions)
        }
        return FileDescriptor(owning: opened, path: shown)
    }

    /// Gives a file in this folder another name, in the place of what had it.
    package func rename(_ name: String, to other: String) throws(SystemError) {
        try retrying("rename", "\(path)/\(name)") { unsafe renameat(raw, name, raw, other) }
    }

    package func remove(_ name: String) throws(SystemError) {
        try retrying("unlink", "\(path)/\(name)") { unsafe unlinkat(raw, name, 0) }
    }
}
