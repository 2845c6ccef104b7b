import Glibc
import Platform
import TestSupport
import Testing

@Suite(.enabled(if: SmallDisk.isPossible, "needs the right to mount a tmpfs: run the tests as root")) struct `A full disk` {
    @Test("fails an import with status 74, keeps what was there, and the import works once there is space")
    func importing() throws {
        try SmallDisk.with { ingot, disk in
            try ingot.write("small/etc/motd", "welcome\n")
            try Killing.writeData(ingot, "tree")
            #expect(try ingot("import", "first", "small", "--home", disk.home).status == 0)
            try disk.expectFull(["import", "second", "tree"])
            #expect(try ingot("cat", "first", "/etc/motd", "--home", disk.home).output == "welcome\n")
            #expect(try ingot("images", "--all", "-o", "quiet", "--home", disk.home).lines.count == 1)
            try disk.enlarge()
            try disk.expectDone(["import", "second", "tree"], images: 2)
        }
    }

    @Test("fails an export of a disk with status 74, and leaves no part of it")
    func exporting() throws {
        try SmallDisk.with(megabytes: 4) { ingot, disk in
            try Killing.writeData(ingot, "tree")
            #expect(try ingot("import", "appliance", "tree").status == 0)
            for form in ["raw", "vhd", "vmdk"] {
                let result = try ingot("export", "appliance", "--format", form, "--output", "disk/out.\(form)")
                #expect(result.status == 74, "\(form): \(result.error)")
                #expect(Files.names(in: ingot.folder + "/disk").isEmpty)
            }
        }
    }

    @Test("fails a build with status 74, keeps what was there, and the build works once there is space")
    func building() throws {
        try SmallDisk.with(megabytes: 4) { ingot, disk in
            try ingot.write("pipelines/small.yaml", CommandRunner.pipeline)
            try ingot.write("recipes/site/index.html", "hello\n")
            try ingot.write("recipes/small.yaml", CommandRunner.recipe())
            #expect(try ingot("build", "small", "--home", disk.home).status == 0)
            try Killing.writeData(ingot, "recipes/site", large: ["a", "b", "c", "d"])
            try disk.expectFull(["build", "small"])
            #expect(try ingot("images", "-o", "quiet", "--home", disk.home).lines.count == 2)
            try disk.enlarge()
            try disk.expectDone(["build", "small"], images: 4)
        }
    }

    @Test("fails a copy with status 74, keeps the original, and the copy works once there is space")
    func copying() throws {
        try SmallDisk.with(megabytes: 5) { ingot, disk in
            try Killing.writeData(ingot, "tree")
            #expect(try ingot("import", "appliance", "tree", "--home", disk.home).status == 0)
            try disk.expectFull(["copy", "appliance", "--to", "eu-west-1"])
            #expect(try ingot("images", "-o", "quiet", "--home", disk.home).lines.count == 1)
            try disk.enlarge()
            try disk.expectDone(["copy", "appliance", "--to", "eu-west-1"], images: 2)
        }
    }
}

/// A home on a disk that holds little more than an empty workspace.
struct SmallDisk {
    let ingot: CommandRunner
    var home: String { mount + "/home" }
    private var mount: String { ingot.folder + "/disk" }

    static let isPossible: Bool =
        geteuid() == 0
        && (try? withTemporaryFolder { try Shell.run("mount -t tmpfs tmpfs \"$PWD\"; umount \"$PWD\"", in: $0) }) != nil

    static func with(megabytes: Int = 2, _ body: (CommandRunner, SmallDisk) throws -> Void) throws {
        try CommandRunner.inFolder { ingot in
            try Shell.run("mkdir disk; mount -t tmpfs -o size=\(megabytes)m tmpfs disk", in: ingot.folder)
            defer { _ = try? Shell.run("umount -l disk", in: ingot.folder) }
            try body(ingot, SmallDisk(ingot: ingot))
        }
    }

    func enlarge(_ megabytes: Int = 64) throws { try Shell.run("mount -o remount,size=\(megabytes)m disk", in: ingot.folder) }

    /// One error with a hint, and what is there is whole; also when it is tried again.
    func expectFull(_ words: [String]) throws {
        for _ in 0..<2 {
            let result = try ingot.run(words + ["--home", home])
            #expect(result.status == 74, "\(result.error)")
            #expect(result.error.contains("No space left on device") || result.error.contains("full"), "\(result.error)")
            #expect(result.error.split(separator: "\n").count { $0.hasPrefix("ingot: error: ") } == 1, "\(result.error)")
            let check = try ingot("check", "--home", home)
            #expect(check.status == 0, "\(check.output)\(check.error)")
        }
    }

    func expectDone(_ words: [String], images: Int) throws {
        let result = try ingot.run(words + ["--home", home])
        #expect(result.status == 0, "\(result.error)")
        #expect(try ingot("check", "--home", home).status == 0)
        #expect(try ingot("images", "--all", "-o", "quiet", "--home", home).lines.count == images)
    }
}
