import Cloud
import ImageStore
import Model
import Platform
import Testing

/// An image with the host's own tools for file systems, and a server for ssh where that is there.
enum VolumeImage {
    private static let programs = [
        "/usr/sbin/mke2fs", "/usr/bin/mount", "/usr/bin/umount", "/usr/bin/cp", "/usr/bin/dd", "/usr/sbin/blkid",
    ]

    /// Nil where volumes can be devices; otherwise why not.
    static let obstacle: String? = {
        if let obstacle = MachineFixture.obstacle { return obstacle }
        if Users.effective.id != 0 { return "needs root, for loop devices" }
        let missing = (programs + ["/usr/bin/fuse2fs"]).filter { !Files.exists($0) }
        return missing.isEmpty ? nil : "needs \(missing.joined(separator: ", ")): apt-get install e2fsprogs mount fuse2fs"
    }()
    static var isAvailable: Bool { obstacle == nil }

    static func make(in region: EmbeddedRegion, _ name: String = "with tools for volumes") throws -> ImageID {
        try MachineFixture.image(name, in: region) { try add(to: $0) }
    }

    static func add(to editor: TreeEditor) throws {
        for program in programs { try SecureShellImage.add(program, to: editor) }
        try editor.put(
            Node(Metadata(mode: 0o777, modified: MachineFixture.date), .symlink(target: Array("mke2fs".utf8))),
            at: "/usr/sbin/mkfs.ext4")
        try editor.write(try Files.read("/etc/mke2fs.conf"), to: "/etc/mke2fs.conf")
        try editor.makeDirectory("/mnt")
    }
}
