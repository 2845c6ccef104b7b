import Crypto
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

/// An instance's tree that stays mounted, with tools for file systems, and files that are its volumes.
final class VolumeFixture {
    let tree: LiveTree
    let folder: String

    /// Programs of the host that are put into the image.
    static let tools = [
        "/usr/sbin/mke2fs", "/usr/bin/mount", "/usr/bin/umount", "/usr/bin/cp", "/usr/sbin/blkid", "/usr/sbin/losetup",
    ]

    /// Nil where volumes can be devices; otherwise why not.
    static let obstacle: String? = {
        if let obstacle = SandboxFixture.obstacle { return obstacle }
        if Users.effective.id != 0 { return "needs root, for loop devices" }
        let missing = (tools + ["/usr/bin/fuse2fs"]).filter { !Files.exists($0) }
        return missing.isEmpty ? nil : "needs \(missing.joined(separator: ", ")): apt-get install e2fsprogs mount fuse2fs"
    }()
    static var isAvailable: Bool { obstacle == nil }

    init(in folder: String, walls: Walls = .all) throws {
        self.folder = folder
        let objects = MemoryObjects()
        let fixture = try SandboxFixture(in: folder + "/image", objects: objects)
        for tool in Self.tools { try fixture.addProgram(tool) }
        try fixture.editor.put(
            Node(Metadata(mode: 0o777, modified: fixture.date), .symlink(target: Array("mke2fs".utf8))), at: "/usr/sbin/mkfs.ext4"
        )
        try fixture.editor.write(try Files.read("/etc/mke2fs.conf"), to: "/etc/mke2fs.conf")
        try fixture.editor.makeDirectory("/mnt")
        if let call = Self.call {
            try fixture.editor.write(call, to: "/bin/call", metadata: Metadata(mode: 0o755, modified: fixture.date))
        }
        let root = try fixture.editor.finish()
        let images = try TreeImageCache("\(folder)/images", environment: .system())
        tree = try LiveTree(
            root, base: root, in: objects, folder: "\(folder)/live", images: images, environment: .system(), walls: walls)
    }

    static var canProbe: Bool { isAvailable && call != nil }

    /// A program that makes one call and prints its errno, 0 for none: `m SOURCE TARGET TYPE FLAGS DATA` (mount), `u TARGET FLAGS` (umount2),
    /// `i FILE REQUEST` (ioctl), `n FILE MAJOR:MINOR` (mknod of a block device) and `k FILE` (open of what was kept by O_PATH, once the name
    /// is gone; prints `kept` before). `0` is a null pointer, and so is `-` for data. `as USER` before it makes it the call of a user.
    static let call: [UInt8]? = try? withTemporaryFolder { folder in
        try Files.writeDurably(folder + "/call.c", Array(source.utf8))
        try Shell.run("gcc -static -O1 -o call call.c", in: folder)
        return try Files.read(folder + "/call")
    }

    private static let source = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/ioctl.h>
        #include <sys/mount.h>
        #include <sys/stat.h>
        #include <sys/sysmacros.h>
        #include <unistd.h>
        static const char *text(const char *word) { return strcmp(word, "0") == 0 || strcmp(word, "-") == 0 ? NULL : word; }
        int main(int count, char **word) {
          int status = 0;
          if (*word[1] == 'a') {
            if (setgid(atoi(word[2])) != 0 || setuid(atoi(word[2])) != 0) return 1;
            word += 2;
          }
          if (*word[1] == 'k') {
            char path[64];
            snprintf(path, sizeof path, "/proc/self/fd/%d", open(word[2], O_PATH));
            puts("kept");
            fflush(stdout);
            while (access(word[2], F_OK) == 0) usleep(1000);
            status = open(path, O_RDONLY) < 0 ? -1 : 0;
          }
          if (*word[1] == 'm') status = mount(text(word[2]), word[3], text(word[4]), strtoul(word[5], NULL, 10), text(word[6]));
          if (*word[1] == 'u') status = umount2(word[2], atoi(word[3]));
          if (*word[1] == 'i') status = ioctl(open(word[2], O_RDWR), strtoul(word[3], NULL, 10), 0);
          if (*word[1] == 'n') {
            char *end;
            int major = strtol(word[3], &end, 10);
            status = mknod(word[2], S_IFBLK | 0600, makedev(major, atoi(end + 1)));
          }
          printf("%d\\n", status == 0 ? 0 : errno);
          return 0;
        }
        """

    /// Runs a script with the image's shell; what it printed, errors among it, and at the end how it ended where that is not well.
    @discardableResult
    func run(_ script: String) throws -> String {
        var lines: [String] = []
        do throws(Failure) {
            let result = try tree.run(GuestProgram(["/bin/sh", "-c", script])) { _, line in
                lines.append(String(decoding: line, as: UTF8.self))
            }
            if !result.isSuccess { lines.append("\(result.end)") }
        } catch { throw SandboxFailed(code: error.code, text: error.chain.joined(separator: ": ")) }
        return lines.joined(separator: "\n")
    }

    /// An empty file of so many MiB.
    func disk(_ name: String, size: Int = 64) throws -> String {
        let file = try FileDescriptor.open("\(folder)/\(name)", .create)
        try file.truncate(to: size << 20)
        return "\(folder)/\(name)"
    }

    /// What is on the file system of a file.
    func files(on path: String) throws -> Tree {
        let objects = MemoryObjects()
        return try Tree(try Ext4Import(path, into: objects, environment: .system()).run().root, in: objects)
    }

    @discardableResult
    func attach(_ name: String = "disk", as device: String = "/dev/xvdf", size: Int = 64) throws -> String {
        let file = try disk(name, size: size)
        try tree.attach(file, as: try #require(DeviceNames(device)))
        return file
    }
}

/// Runs `body` with a fixture that is closed afterwards.
func withVolumes(_ body: (VolumeFixture) throws -> Void) throws {
    try withTemporaryFolder { folder in
        let fixture = try VolumeFixture(in: folder)
        defer { try? fixture.tree.close() }
        try body(fixture)
    }
}
