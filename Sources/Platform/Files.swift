import CLinux
import Glibc

/// Whole-file and folder operations on the host, and the order of writes that makes them durable.
package enum Files {
    /// What a name in a folder is, without following it.
    package struct Status: Sendable {
        package let device: UInt64
        package let inode: UInt64
        package let mode: UInt32
        package let links: UInt64
        package let uid: UInt32
        package let gid: UInt32
        package let rdev: UInt64
        package let size: Int
        /// Bytes that the file takes on the disk.
        package let allocated: Int
        /// Nanoseconds since 1970 of the last reading, where the system or somebody keeps that.
        package let accessed: Int64
        /// Nanoseconds since 1970; a time before 1677 or after 2262 is the nearest there is.
        package let modified: Int64
        /// Nanoseconds since 1970 of the last change of the inode.
        package let changed: Int64

        package var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
        package var isRegular: Bool { mode & S_IFMT == S_IFREG }
        package var isSymlink: Bool { mode & S_IFMT == S_IFLNK }
        package var deviceMajor: UInt32 { clinux_major(rdev) }
        package var deviceMinor: UInt32 { clinux_minor(rdev) }
    }

    package static func status(_ path: String) throws(SystemError) -> Status {
        var raw = stat()
        try retrying("lstat", path) { unsafe lstat(path, &raw) }
        return Status(raw)
    }

    /// The same, of a path that need not be UTF-8.
    package static func status(bytes path: [UInt8]) throws(SystemError) -> Status {
        var raw = stat()
        try retrying("lstat", String(decoding: path, as: UTF8.self)) {
            unsafe withCPath(path) { unsafe lstat($0, &raw) }
        }
        return Status(raw)
    }

    /// Where a symbolic link points, as it is written.
    package static func linkTarget(bytes path: [UInt8]) throws(SystemError) -> [UInt8] {
        var target = [CChar](repeating: 0, count: 4096)
        let got = try retrying("readlink", String(decoding: path, as: UTF8.self)) {
            unsafe withCPath(path) { unsafe readlink($0, &target, target.count) }
        }
        return target.prefix(got).map { UInt8(bitPattern: $0) }
    }

    /// The path without any symbolic link in it; what it names must exist.
    package static func resolved(_ path: String) throws(SystemError) -> String {
        guard let resolved = unsafe realpath(path, nil) else { throw SystemError("realpath", path) }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// The names in a folder, without `.` and `..`, in no order.
    package static func names(inFolder path: [UInt8]) throws(SystemError) -> [[UInt8]] {
        let shown = String(decoding: path, as: UTF8.self)
        guard let stream = unsafe withCPath(path, { unsafe opendir($0) }) else { throw SystemError("opendir", shown) }
        defer { unsafe closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                let code = errno
                if code != 0 { throw SystemError("readdir", shown, errno: code) }
                return names
            }
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            if name != [0x2E] && name != [0x2E, 0x2E] { names.append(name) }
        }
    }

    /// The names in a folder that are UTF-8, sorted; none where there is no folder.
    package static func names(in folder: String) -> [String] {
        let names = (try? names(inFolder: Array(folder.utf8))) ?? []
        return names.compactMap { String(validating: $0, as: UTF8.self) }.sorted()
    }

    /// The whole file, refused where it is larger than `limit` bytes.
    package static func read(_ path: String, limit: Int = 64 << 20) throws(SystemError) -> [UInt8] {
        let file = try FileDescriptor.open(path, .read)
        let size = try file.size()
        if size > limit { throw SystemError("read", path, errno: EFBIG) }
        var bytes = [UInt8](repeating: 0, count: size)
        let got = try file.read(into: &bytes, count: size, at: 0)
        if got < size { bytes.removeLast(size - got) }
        return bytes
    }

    /// All bytes of a file whose size is not known beforehand, as in /proc.
    package static func readStream(_ path: String, limit: Int = 1 << 20) throws(SystemError) -> [UInt8] {
        let file = try FileDescriptor.open(path, .read)
        var buffer = [UInt8](repeating: 0, count: limit)
        let got = try file.read(into: &buffer, count: limit, at: 0)
        return Array(buffer.prefix(got))
    }

    /// Replaces a file so that after a crash it holds the old contents or the new ones, and after the return the new ones:
    /// temporary file, fsync, rename, fsync of the folder.
    package static func writeDurably(_ path: String, _ bytes: [UInt8], permissions: UInt32 = 0o644) throws(SystemError) {
        let temporary = "\(path).\(try Random.token()).tmp"
        do throws(SystemError) {
            let file = try FileDescriptor.open(temporary, .create, permissions: permissions)
            try file.write(bytes)
            try file.synchronize()
            try rename(temporary, to: path)
        } catch {
            try? remove(temporary)
            throw error
        }
        try synchronizeFolder(parent(of: path))
    }

    /// Writes into an existing file by one write(2), as the files of /proc and of control groups want it.
    package static func overwrite(_ path: String, _ text: String) throws(SystemError) {
        let raw = try retrying("open", path) { unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC) }
        try FileDescriptor(owning: raw, path: path).write(Array(text.utf8))
    }

    package static func rename(_ from: String, to: String) throws(SystemError) {
        try retrying("rename", "\(from) to \(to)") { unsafe Glibc.rename(from, to) }
    }

    /// Fails with EEXIST where `to` exists.
    package static func renameNew(_ from: String, to: String) throws(SystemError) {
        try retrying("renameat2", "\(from) to \(to)") { unsafe clinux_rename_noreplace(from, to) }
    }

    package static func synchronizeFolder(_ path: String) throws(SystemError) {
        try FileDescriptor.open(path, .directory).synchronize()
    }

    package static func remove(_ path: String) throws(SystemError) { try retrying("unlink", path) { unsafe unlink(path) } }

    /// Bytes that are free in the file system of a path for this user, a free inode counted as one page of 4 KiB.
    package static func freeBytes(_ path: String) throws(SystemError) -> UInt64 {
        var status = statvfs()
        try retrying("statvfs", path) { unsafe statvfs(path, &status) }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize) + UInt64(status.f_ffree) * 4096
    }

    /// Removes an empty folder.
    package static func removeFolder(_ path: String) throws(SystemError) { try retrying("rmdir", path) { unsafe rmdir(path) } }

    /// Makes the folder and those above it that are missing; every new name is made durable in its parent.
    package static func makeFolders(_ path: String, permissions: UInt32 = 0o755) throws(SystemError) {
        if path.isEmpty || path == "/" || exists(path) { return }
        let above = parent(of: path)
        try makeFolders(above, permissions: permissions)
        if unsafe mkdir(path, permissions) != 0 && errno != EEXIST { throw SystemError("mkdir", path) }
        try synchronizeFolder(above)
    }

    /// Removes a folder and all below it; a missing one is no error. Links are removed, never followed.
    package static func removeTree(_ path: String) throws(SystemError) { try removeTree(bytes: Array(path.utf8)) }

    private static func removeTree(bytes path: [UInt8]) throws(SystemError) {
        let shown = String(decoding: path, as: UTF8.self)
        let kind: Status
        do throws(SystemError) { kind = try status(bytes: path) } catch {
            if error.isNotFound { return }
            throw error
        }
        if kind.isDirectory {
            for name in try names(inFolder: path) { try removeTree(bytes: path + [0x2F] + name) }
            try retrying("rmdir", shown) { unsafe withCPath(path) { unsafe rmdir($0) } }
        } else {
            try retrying("unlink", shown) { unsafe withCPath(path) { unsafe unlink($0) } }
        }
    }

    /// The path without its last name; `.` where there is none.
    package static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last name of a path.
    package static func name(of path: String) -> String {
        String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...])
    }

    /// The path as seen from the root: relative ones are taken from the working directory.
    package static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        guard let folder = unsafe getcwd(nil, 0) else { return path }
        defer { unsafe free(folder) }
        return unsafe String(cString: folder) + "/" + path
    }
}

/// What a name in a folder stands for.
package enum FileKind: Sendable {
    case regular, directory, symlink, characterDevice, blockDevice, fifo, socket

    package init(_ status: Files.Status) {
        switch status.mode & S_IFMT {
        case S_IFDIR: self = .directory
        case S_IFLNK: self = .symlink
        case S_IFCHR: self = .characterDevice
        case S_IFBLK: self = .blockDevice
        case S_IFIFO: self = .fifo
        case S_IFSOCK: self = .socket
        default: self = .regular
        }
    }
}

extension Files.Status {
    init(_ raw: stat) {
        self.init(
            device: UInt64(raw.st_dev), inode: UInt64(raw.st_ino), mode: raw.st_mode, links: UInt64(raw.st_nlink),
            uid: raw.st_uid, gid: raw.st_gid, rdev: UInt64(raw.st_rdev), size: Int(raw.st_size),
            allocated: Int(raw.st_blocks) * 512, accessed: Self.nanoseconds(raw.st_atim), modified: Self.nanoseconds(raw.st_mtim),
            changed: Self.nanoseconds(raw.st_ctim))
    }

    /// File systems keep times that 64 bits of nanoseconds do not: those become the nearest there is.
    private static func nanoseconds(_ time: timespec) -> Int64 {
        let (whole, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = whole.addingReportingOverflow(Int64(time.tv_nsec))
        return overflow || carry ? (time.tv_sec < 0 ? .min : .max) : sum
    }
}

/// Runs `body` with the path as C text. The path must hold no NUL.
func withCPath<Result>(_ path: [UInt8], _ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
    var text = path.map { CChar(bitPattern: $0) }
    text.append(0)
    return try unsafe text.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("a C path is never empty") }
        return try unsafe body(base)
    }
}
