import Crypto
import Ext4
import Glibc
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport

/// Trees as mountable files, and what other programs see in those.
enum Ext4Fixture {
    static let hasTools = Shell.has("e2fsck") && Shell.has("debugfs")
    /// Loop devices and mounts are root's.
    static let canMount = geteuid() == 0 && Shell.has("losetup") && Files.exists("/dev/loop-control")

    static let isSlowRun = unsafe getenv("INGOT_SLOW_TESTS") != nil

    /// The archive of a real root filesystem, for the slow tests.
    static let serverArchive = unsafe getenv("INGOT_SERVER_TAR").map { unsafe String(cString: $0) }

    /// Writes the tree to `<folder>/<name>`.
    @discardableResult
    static func write(_ tree: Tree, _ name: String = "file.ext4", in folder: String, shift: OwnerShift = .none) throws -> String {
        let path = "\(folder)/\(name)"
        let file = try FileDescriptor.open(path, .create)
        try TreeImage(tree, shift: shift, environment: .system()).write(to: file)
        return path
    }

    /// Throws what e2fsck says where it finds anything.
    static func check(_ path: String) throws {
        try Shell.run("e2fsck -fn '\(path)' >e2fsck.log 2>&1 || { cat e2fsck.log >&2; exit 1; }", in: Files.parent(of: path))
    }

    /// What debugfs prints.
    static func debugfs(_ path: String, _ request: String) throws -> String {
        try Shell.run("debugfs -R '\(request)' '\(path)' 2>/dev/null", in: Files.parent(of: path))
    }

    /// Runs a script in a mount namespace of its own, in which the file system is mounted read-only at `mnt` of the folder.
    @discardableResult
    static func mounted(_ path: String, _ script: String) throws -> String {
        let folder = Files.parent(of: path)
        return try Shell.run(
            "mkdir -p mnt; unshare -m sh -ec 'mount -o ro,loop \"\(path)\" mnt; trap \"cd /; umount \(folder)/mnt\" EXIT; \(script)'",
            in: folder)
    }

    /// A tree in memory.
    static func tree(_ build: (TreeEditor) throws -> Void) throws -> Tree {
        let objects = MemoryObjects()
        let editor = try TreeEditor(root: nil, in: objects, date: 1_700_000_000_123_456_789)
        try build(editor)
        return try Tree(try editor.finish(), in: objects)
    }
}
