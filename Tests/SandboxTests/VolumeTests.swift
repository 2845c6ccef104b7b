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

    @Test func `nothing is written behind the end of a volume`() throws {
        try withVolumes { fixture in
            let file = try fixture.attach(size: 1)
            let beyond = "dd if=/bin/busybox of=/dev/xvdf bs=4096 seek=\(1 << 8) count=1"
            #expect(try fixture.run("\(beyond) 2>&1 | grep -c 'No space left'") == "1")
            #expect(try fixture.run("yes | dd of=/dev/xvdf bs=65536 2>&1 | grep -c 'No space left'") == "1")
            try fixture.tree.detach(#require(DeviceNames("/dev/xvdf")))
            #expect(try Files.status(file).size == 1 << 20)
        }
    }

    @Test func `a file system is made, mounted for all programs of the instance, filled and unmounted`() throws {
        try withVolumes { fixture in
            let file = try fixture.attach()
            #expect(try fixture.run("mkfs.ext4 -q /dev/xvdf && blkid -o value -s TYPE /dev/xvdf") == "ext4")
            #expect(
                try fixture.run("/usr/bin/mount /dev/xvdf /mnt && grep ' /mnt ' /proc/mounts | grep -c nosuid,nodev") == "1")
            try fixture.run("mkdir /mnt/etc; echo one > /mnt/etc/one; chown 7:8 /mnt/etc/one; /usr/bin/cp -a /bin /mnt/")
            #expect(
                try fixture.run("cat /mnt/etc/one; stat -c %u:%g /mnt/etc/one; stat -c %a /mnt/bin") == "one\n7:8\n755")
            #expect(try fixture.run("/usr/bin/umount /mnt && ls /mnt") == "")
            try fixture.tree.detach(#require(DeviceNames("/dev/xvdf")))
            #expect(try Shell.run("e2fsck -fn \(file) 2>&1", in: "/").contains("Pass 5"))
            let tree = try fixture.files(on: file)
            #expect(try tree.text("/etc/one") == "one\n")
            let one = try #require(try tree.node(at: "/etc/one"))
            #expect(one.metadata.uid == 7 && one.metadata.gid == 8)
            #expect(try tree.node(at: "/bin/sh")?.kind == .symlink(target: Array("busybox".utf8)))
        }
    }

    @Test func `what was synchronized is on the volume while it is mounted, and all of it where it is taken away in use`() throws
    {
        try withVolumes { fixture in
            let file = try fixture.attach()
            try fixture.run(
                "mkfs.ext4 -q /dev/xvdf && /usr/bin/mount /dev/xvdf /mnt && mkdir /mnt/a && echo one > /mnt/a/one && sync")
            #expect(try fixture.files(on: file).text("/a/one") == "one\n")
            try fixture.run("echo two > /mnt/two")
            try fixture.tree.flushVolumes()
            #expect(try fixture.files(on: file).text("/two") == "two\n")
            try fixture.run("echo three > /mnt/three")
            #expect(fixture.tree.hasMounts)
            try fixture.tree.detach(#require(DeviceNames("/dev/xvdf")))
            #expect(!fixture.tree.hasMounts)
            #expect(try fixture.files(on: file).text("/three") == "three\n")
            #expect(try fixture.run("ls /mnt") == "")
        }
    }

    @Test func `programs that run get a volume, and lose it, with what they mounted of it`() throws {
        try withVolumes { fixture in
            let file = try fixture.disk("disk")
            let names = try #require(DeviceNames("/dev/sdf"))
            var seen: [String] = []
            let script = """
                echo started; until test -b /dev/xvdf; do usleep 1000; done
                mkfs.ext4 -q /dev/sdf && /usr/bin/mount /dev/xvdf /mnt && echo one > /mnt/one && echo mounted
                while test -e /dev/xvdf || test -e /dev/sdf || test -e /mnt/one; do usleep 1000; done; echo gone
                """
            let tree = fixture.tree
            let result = try tree.run(GuestProgram(["/bin/sh", "-c", script])) { _, line in
                let text = String(decoding: line, as: UTF8.self)
                seen.append(text)
                if text == "started" { try? tree.attach(file, as: names) }
                if text == "mounted" { try? tree.detach(names) }
            }
            #expect(result.isSuccess && seen == ["started", "mounted", "gone"], "\(seen)")
            #expect(try fixture.files(on: file).text("/one") == "one\n")
        }
    }

    @Test func `what is in use stays mounted, and a folder that nothing is mounted on is none to unmount`() throws {
        try withVolumes { fixture in
            try fixture.attach()
            try fixture.run("mkfs.ext4 -q /dev/xvdf && mkdir /other")
            // A relative path, one with links, and the device in the place of a folder.
            #expect(
                try fixture.run("cd / && busybox mount -t ext4 /dev/xvdf mnt && echo x > /mnt/x && umount mnt && ls /mnt") == "")
            #expect(
                try fixture.run("ln -s /mnt /link && /usr/bin/mount /dev/sdf /link && cat /mnt/x && umount /dev/sdf && ls /mnt")
                    == "x")
            try fixture.run("/usr/bin/mount -r /dev/xvdf /mnt && /usr/bin/mount -o noexec /dev/xvdf /other")
            #expect(
                try fixture.run("cat /other/x; echo y > /mnt/y")
                    == "x\n/bin/sh: can't create /mnt/y: Read-only file system\nexited(1)")
            #expect(try fixture.run("cd /other && umount /other; umount -l /other; cd /; umount /other /mnt").contains("busy"))
            #expect(try fixture.run("umount /mnt 2>&1 | grep -c .; ls /mnt /other") == "1\n/mnt:\n\n/other:")
        }
    }

    @Test func `a volume without a file system is not mounted, and neither is one that is damaged`() throws {
        try withVolumes { fixture in
            try fixture.attach(size: 8)
            let mount = "/usr/bin/mount -t ext4 /dev/xvdf /mnt"
            #expect(try fixture.run("\(mount) 2>&1 | grep -c 'wrong fs type'; ls /mnt") == "1")
            try fixture.run("mkfs.ext4 -q /dev/xvdf; yes | dd of=/dev/xvdf bs=1024 seek=2 count=7000 2>/dev/null")
            #expect(try fixture.run("\(mount) 2>&1 | grep -c 'needs cleaning'; ls /mnt") == "1")
            #expect(!fixture.tree.hasMounts)
        }
    }
}
