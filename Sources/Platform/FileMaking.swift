import CLinux
import Glibc

// Making files of every kind, by paths that need not be UTF-8, and setting what the kernel keeps about them.
extension Files {
    package static func makeFolder(bytes path: [UInt8], permissions: UInt32 = 0o700) throws(SystemError) {
        try retrying("mkdir", shown(path)) { unsafe withCPath(path) { unsafe mkdir($0, permissions) } }
    }

    package static func makeLink(bytes path: [UInt8], target: [UInt8]) throws(SystemError) {
        try retrying("symlink", shown(path)) {
            unsafe withCPath(path) { path in unsafe withCPath(target) { target in unsafe symlink(target, path) } }
        }
    }

    /// A second name for a file; a symbolic link is linked itself.
    package static func makeHardLink(bytes path: [UInt8], to file: [UInt8]) throws(SystemError) {
        try retrying("link", shown(path)) {
            unsafe withCPath(path) { path in unsafe withCPath(file) { file in unsafe link(file, path) } }
        }
    }

    /// A fifo or a device.
    package static func makeNode(bytes path: [UInt8], _ kind: FileKind, major: UInt32, minor: UInt32) throws(SystemError) {
        let type: UInt32 =
            switch kind {
            case .characterDevice: S_IFCHR
            case .blockDevice: S_IFBLK
            default: S_IFIFO
            }
        try retrying("mknod", shown(path)) {
            unsafe withCPath(path) { unsafe mknod($0, type | 0o600, dev_t(clinux_makedev(major, minor))) }
        }
    }

    /// Of a link itself where it is one.
    package static func setOwner(bytes path: [UInt8], _ uid: UInt32, _ gid: UInt32) throws(SystemError) {
        try retrying("lchown", shown(path)) { unsafe withCPath(path) { unsafe lchown($0, uid, gid) } }
    }

    /// Follows a link.
    package static func setMode(bytes path: [UInt8], _ mode: UInt32) throws(SystemError) {
        try retrying("chmod", shown(path)) { unsafe withCPath(path) { unsafe chmod($0, mode) } }
    }

    /// Sets access and modification time, of a link itself where it is one.
    package static func setModified(bytes path: [UInt8], nanoseconds: Int64) throws(SystemError) {
        let time = time(nanoseconds)
        try retrying("utimensat", shown(path)) {
            unsafe withCPath(path) { path in
                unsafe [time, time].withUnsafeBufferPointer {
                    unsafe utimensat(AT_FDCWD, path, $0.baseAddress, AT_SYMLINK_NOFOLLOW)
                }
            }
        }
    }

    fileprivate static func time(_ nanoseconds: Int64) -> timespec {
        var (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        if rest < 0 {
            seconds -= 1
            rest += 1_000_000_000
        }
        return timespec(tv_sec: Int(seconds), tv_nsec: Int(rest))
    }

    private static func shown(_ path: [UInt8]) -> String { String(decoding: path, as: UTF8.self) }
}

extension FileDescriptor {
    /// Sets when the file was last read and last changed, in nanoseconds since 1970.
    package func setTimes(accessed: Int64, modified: Int64) throws(SystemError) {
        let times = [Files.time(accessed), Files.time(modified)]
        try retrying("futimens", path) { unsafe times.withUnsafeBufferPointer { unsafe futimens(raw, $0.baseAddress) } }
    }

    /// A new file whose path need not be UTF-8; fails where one exists.
    package static func create(bytes path: [UInt8], permissions: UInt32 = 0o600) throws(SystemError) -> FileDescriptor {
        let shown = String(decoding: path, as: UTF8.self)
        let raw = try retrying("open", shown) {
            unsafe withCPath(path) { unsafe Glibc.open($0, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, permissions) }
        }
        return FileDescriptor(owning: raw, path: shown)
    }
}

extension SystemError {
    /// The kernel refuses this to an ordinary user, or to this filesystem.
    package var isNotPermitted: Bool { errno == EPERM || errno == EACCES || errno == ENOTSUP }
}
