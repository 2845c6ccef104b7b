import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: VolumeFixture.isAvailable, "\(VolumeFixture.obstacle ?? "")"))
struct `Volumes in the sandbox` {
    @Test func `a volume is a block device of its size under both of its names, to read and to write`() throws {
        try withVolumes { fixture in
            let file = try fixture.attach(size: 64)
            #expect(try fixture.run("test -b /dev/xvdf && test -b /dev/sdf && wc -c < /dev/xvdf") == "\(64 << 20)")
            try fixture.run("echo something > /in; dd if=/in of=/dev/sdf bs=512 seek=3 2>/dev/null")
            #expect(try fixture.run("dd if=/dev/xvdf bs=512 skip=3 count=1 2>/dev/null | head -c 9") == "something")
            try fixture.tree.detach(#require(DeviceNames("/dev/xvdf")))
            #expect(try fixture.run("ls /dev | grep -c xvd; ls /dev | grep -c sd") == "0\n0\nexited(1)")
            #expect(try Files.read(file)[1536..<1545] == ArraySlice("something".utf8))
        }
    }

    @Test func `a file system is made, mounted for all programs of the instance, filled and unmounted`() throws {
        try withVolumes { fixture in
            let file = try fixture.attach()
            #expect(try fixture.run("mkfs.ext4 -q /dev/xvdf && blkid -o value -s TYPE /dev/xvdf") == "ext4")
            #expect(try fixture.run("/usr/bin/mount /dev/xvdf /mnt && grep ' /mnt ' /proc/mounts | grep -c nosuid,nodev") == "1")
            try fixture.run(
                "mkdir /mnt/etc; chmod 755 /mnt/etc; echo one > /mnt/etc/one; chown 7:8 /mnt/etc/one; /usr/bin/cp -a /bin /mnt/")
            #expect(try fixture.run("cat /mnt/etc/one; stat -c %u:%g /mnt/etc/one; stat -c %a /mnt/bin") == "one\n7:8\n755")
            #expect(try fixture.run("/usr/bin/umount /mnt && ls /mnt") == "")
            try fixture.tree.detach(#require(DeviceNames("/dev/xvdf")))
            #expect(try Shell.run("e2fsck -fn \(file) 2>&1", in: "/").contains("Pass 5"))
            let objects = MemoryObjects()
            let read = try Ext4Import(file, into: objects, environment: .system()).run()
            let tree = try Tree(read.root, in: objects)
            #expect(try tree.text("/etc/one") == "one\n")
            let one = try #require(try tree.node(at: "/etc/one"))
            #expect(one.metadata.uid == 7 && one.metadata.gid == 8)
            #expect(try tree.node(at: "/bin/sh")?.kind == .symlink(target: Array("busybox".utf8)))
        }
    }
}
