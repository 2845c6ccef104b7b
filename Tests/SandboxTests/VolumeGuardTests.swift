import Glibc
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

/// What programs may not do with volumes: each call tells its errno.
@Suite(
    .serialized, .enabled(if: VolumeFixture.canProbe, "\(VolumeFixture.obstacle ?? "needs gcc: apt-get install gcc libc6-dev")"))
struct `Guards of volumes in the sandbox` {
    private static let calls: [(call: String, errno: Int32)] = [
        // Something else than a volume of the instance.
        ("m x /mnt tmpfs 0 -", EPERM), ("m proc /mnt proc 0 -", EPERM), ("m x /mnt overlay 0 lowerdir=/", EPERM),
        ("m /dev/xvdg /mnt ext4 0 -", EPERM), ("m /dev/loop0 /mnt ext4 0 -", EPERM), ("m /etc/file /mnt ext4 0 -", EPERM),
        ("m /dev/../dev/xvdf /mnt ext4 0 -", EPERM), ("m /link /mnt ext4 0 -", EPERM), ("m xvdf /mnt ext4 0 -", EPERM),
        ("m 0 /mnt ext4 0 -", EPERM), ("m /dev/xvdf /mnt xfs 0 -", EPERM), ("m /dev/xvdf /mnt fuse 0 -", EPERM),
        // Another kind of mount: bind, remount, move, and what is seen by others.
        ("m /dev/xvdf /mnt ext4 4096 -", EPERM), ("m /etc /mnt 0 4096 -", EPERM), ("m /dev/xvdf / ext4 33 -", EPERM),
        ("m /mnt /tmp 0 8192 -", EPERM), ("m 0 /mnt 0 1048576 -", EPERM), ("m /dev/xvdf /mnt ext4 0 usrjquota=x", EINVAL),
        // Another place than the instance's own tree.
        ("m /dev/xvdf / ext4 0 -", EPERM), ("m /dev/xvdf /dev ext4 0 -", EPERM), ("m /dev/xvdf /run/x ext4 0 -", ENOENT),
        ("m /dev/xvdf /run ext4 0 -", EPERM), ("m /dev/xvdf /to-run ext4 0 -", EPERM), ("m /dev/xvdf /sys ext4 0 -", EPERM),
        ("m /dev/xvdf /outside ext4 0 -", ENOENT), ("m /dev/xvdf /../../../home ext4 0 -", ENOENT),
        ("m /dev/xvdf /etc/file ext4 0 -", ENOTDIR), ("m /dev/xvdf /nothing ext4 0 -", ENOENT),
        ("m /dev/xvdf /proc/self/root ext4 0 -", ENOENT),
        // What is not a volume's mount.
        ("u /proc 0", EPERM), ("u / 2", EPERM), ("u /dev/xvdf 0", EPERM), ("u /mnt 0", EPERM), ("u /mnt 1", EPERM),
        ("u /dev 2", EPERM),
        // The loop device behind it: taking its file away, or giving it another one.
        ("i /dev/xvdf \(0x4C01)", EPERM), ("i /dev/xvdf \(0x4C00)", EPERM), ("i /dev/xvdf \(0x4C0A)", EPERM),
        ("n /node 7:0", EPERM),
    ]

    /// The command line of the server of a device.
    private static let server = "fuse2fs -f -o allow_other,default_permissions,nosuid,nodev "

    @Test func `nothing but the file systems of its own volumes is mounted in an instance's own tree`() throws {
        try withVolumes { fixture in
            let file = try fixture.attach()
            try fixture.run("mkfs.ext4 -q /dev/xvdf; ln -s /dev/xvdf /link; ln -s /run /to-run; ln -s /home /outside")
            let before = try fixture.run("cat /proc/mounts")
            for (call, errno) in Self.calls {
                #expect(try fixture.run("/bin/call \(call)") == "\(errno)", "\(call)")
            }
            #expect(try fixture.run("cat /proc/mounts") == before)
            #expect(!fixture.tree.hasMounts && ProbeHost.loopDevices(below: file).count == 1)
            // The probe would see a hole.
            #expect(try fixture.run("/bin/call m /dev/xvdf /mnt ext4 0 errors=remount-ro; /bin/call u /mnt 0") == "0\n0")
        }
    }

    @Test func `nobody but the instance's root mounts and unmounts`() throws {
        try withVolumes { fixture in
            try fixture.attach()
            try fixture.run("mkfs.ext4 -q /dev/xvdf")
            let mount = "m /dev/xvdf /mnt ext4 0 -"
            #expect(try fixture.run("/bin/call as 1000 \(mount)") == "\(EPERM)")
            #expect(!fixture.tree.hasMounts)
            #expect(try fixture.run("/bin/call \(mount); /bin/call as 1000 u /mnt 0; /bin/call as 1000 u /mnt 2") == "0\n1\n1")
            #expect(fixture.tree.hasMounts)
            #expect(try fixture.run("/bin/call as 0 u /mnt 0") == "0")
        }
    }

    @Test func `what a program keeps of a device that was taken away opens nothing`() throws {
        try withVolumes { fixture in
            let file = try fixture.attach()
            let names = try #require(DeviceNames("/dev/xvdf"))
            var seen: [String] = []
            let tree = fixture.tree
            let result = try tree.run(GuestProgram(["/bin/call", "k", "/dev/xvdf"])) { _, line in
                let text = String(decoding: line, as: UTF8.self)
                seen.append(text)
                if text == "kept" { try? tree.detach(names) }
            }
            #expect(result.isSuccess && seen == ["kept", "\(EACCES)"], "\(seen)")
            #expect(ProbeHost.loopDevices(below: file).isEmpty)
        }
    }

    @Test func `a server of a file system that has ended leaves nothing mounted`() throws {
        try withVolumes { fixture in
            // A name that no other test has.
            try fixture.attach(as: "/dev/xvdr")
            try fixture.run("mkfs.ext4 -q /dev/xvdr && /bin/call m /dev/xvdr /mnt ext4 0 -")
            #expect(fixture.tree.hasMounts)
            let server = try #require(ProbeHost.processes(Self.server + "xvdr").first)
            kill(server, SIGKILL)
            #expect(ProbeHost.eventually { !fixture.tree.hasMounts })
            #expect(try fixture.run("/bin/call m /dev/xvdr /mnt ext4 0 -; ls /mnt") == "0\nlost+found")
        }
    }

    @Test func `the server of a file system has no network, and no capability but that to mount`() throws {
        try withVolumes { fixture in
            // A name that no other test has.
            try fixture.attach(as: "/dev/xvds")
            try fixture.run("mkfs.ext4 -q /dev/xvds && /bin/call m /dev/xvds /mnt ext4 0 -")
            let server = try #require(ProbeHost.processes(Self.server + "xvds").first)
            let status = String(decoding: try Files.readStream("/proc/\(server)/status"), as: UTF8.self)
            for set in ["CapPrm", "CapEff", "CapBnd"] { #expect(status.contains("\(set):\t0000000000200000\n"), "\(status)") }
            let devices = String(decoding: try Files.readStream("/proc/\(server)/net/dev"), as: UTF8.self)
            #expect(devices.split(separator: "\n").count == 3 && devices.contains("lo:"), "\(devices)")
        }
    }

    @Test func `an instance has no way to the volume of another one`() throws {
        try withVolumes { one in
            try withVolumes { other in
                try one.attach(as: "/dev/xvdf")
                try other.attach(as: "/dev/xvdg")
                try one.run("mkfs.ext4 -q /dev/xvdf")
                let number = try one.run("stat -c %t:%T /dev/xvdf")
                #expect(try other.run("/bin/call m /dev/xvdf /mnt ext4 0 -; test -e /dev/xvdf || echo none") == "\(EPERM)\nnone")
                let minor = try #require(Int32(number.split(separator: ":").last ?? "", radix: 16))
                #expect(try other.run("/bin/call n /node 7:\(minor)") == "\(EPERM)")
                #expect(try other.run("cat /proc/1/root/dev/xvdf 2>&1 | grep -c 'No such'") == "1")
            }
        }
    }

    @Test func `file systems that somebody damaged on purpose are mounted or not, and nothing else comes of them`() throws {
        try withVolumes { fixture in
            let file = try fixture.attach(size: 4)
            try Shell.run("mke2fs -q -t ext4 -d /etc/apt \(fixture.folder)/good 4M", in: "/")
            let good = try Files.read("\(fixture.folder)/good")
            for seed in 0..<12 {
                var random = SeededRandom(UInt64(seed))
                var bytes = good
                for _ in 0..<(1 << (seed % 8)) {
                    // The superblock and the tables behind it.
                    bytes[random.below(seed % 2 == 0 ? 4096 : 1 << 18)] = UInt8(truncatingIfNeeded: random.next())
                }
                try Files.writeDurably("\(fixture.folder)/bad", bytes)
                try fixture.tree.detach(#require(DeviceNames("/dev/xvdf")))
                try Shell.run("cat bad > disk", in: fixture.folder)
                try fixture.tree.attach(file, as: #require(DeviceNames("/dev/xvdf")))
                let script = "/bin/call m /dev/xvdf /mnt ext4 0 -; ls -R /mnt > /dev/null 2>&1; /bin/call u /mnt 0"
                let results = try fixture.run(script).split(separator: "\n")
                #expect(results.count == 2, "\(seed): \(results)")
                #expect(!fixture.tree.hasMounts)
            }
            #expect(try fixture.run("mkfs.ext4 -qF /dev/xvdf; /bin/call m /dev/xvdf /mnt ext4 0 -") == "0")
        }
    }

    @Test("when Ingot is killed, what was written is on the volume, and its loop device and its server are gone")
    func killed() async throws {
        let folder: String = "/tmp/ingot-probe-\(try Random.token())"
        try Files.makeFolders(folder, permissions: 0o700)
        defer { try? Files.removeTree(folder) }
        await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
            let fixture = try VolumeFixture(in: folder)
            // A name that no other test has.
            try fixture.attach("disk", as: "/dev/xvdq")
            try fixture.run("mkfs.ext4 -q /dev/xvdq && /bin/call m /dev/xvdq /mnt ext4 0 - && echo one > /mnt/one && sync")
            try fixture.run("echo two > /mnt/two")
            kill(getpid(), SIGKILL)
        }
        #expect(ProbeHost.eventually { ProbeHost.loopDevices(below: folder).isEmpty })
        #expect(ProbeHost.eventually { !ProbeHost.isRunning(Self.server + "xvdq") })
        #expect(try Shell.run("e2fsck -fn \(folder)/disk 2>&1", in: "/").contains("Pass 5"))
        let objects = MemoryObjects()
        let tree = try Tree(Ext4Import("\(folder)/disk", into: objects, environment: .system()).run().root, in: objects)
        #expect(try tree.text("/one") == "one\n" && tree.text("/two") == "two\n")
    }
}
