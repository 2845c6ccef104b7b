import FoundationEssentials
import Platform
import TestSupport
import Testing

@Suite struct `Looking into images from the command line` {
    /// `small` in two versions; the second has another motd.
    private func withTwoVersions(_ body: (CommandRunner) throws -> Void) throws {
        try CommandRunner.withSmall { ingot in
            #expect(try ingot("build", "small").status == 0)
            try ingot.write("recipes/small.yaml", CommandRunner.recipe(motd: "good morning"))
            #expect(try ingot("build", "small").status == 0)
            try body(ingot)
        }
    }

    @Test func `images as JSON is what DescribeImages answers, with keys that the AWS tools know`() throws {
        try CommandRunner.withSmall { ingot in
            #expect(try ingot("build", "small").status == 0)
            let result = try ingot("images", "--output", "json", "--region", "us-west-2")
            let paths = try result.json(JSONShape.self).paths()
            for path in [
                "Images: array", "Images[].ImageId: string", "Images[].BlockDeviceMappings[].Ebs.SnapshotId: string",
                "Images[].Tags[].Key: string", "Images[].SourceImageId: string", "Images[].Public: boolean",
            ] {
                #expect(paths.contains(path), "\(path)")
            }
            #expect(!paths.contains("Images[].Region: string"))
        }
    }

    @Test(
        "dates beyond 64 bits of nanoseconds are listed as the nearest there are, and a name beyond the limit is status 65",
        .enabled(if: Python.isAvailable, Python.missing))
    func archivesAtTheLimits() throws {
        try CommandRunner.inFolder { ingot in
            let script = """
                import io, tarfile
                with tarfile.open("dates.tar", "w") as tar:
                    for name, date in ("early", -99999999999), ("late", 99999999999):
                        entry = tarfile.TarInfo(name)
                        entry.mtime = date
                        tar.addfile(entry)
                with tarfile.open("long.tar", "w") as tar:
                    tar.addfile(tarfile.TarInfo("n" * 5000))
                """
            try ingot.write("make.py", script)
            try Shell.run("python3 make.py", in: ingot.folder)
            #expect(try ingot("import", "dates", "dates.tar").status == 0)
            let list = try ingot("ls", "dates", "/")
            #expect(
                list.output.contains("1677-09-21T00:12:43Z") && list.output.contains("2262-04-11T23:47:16Z"))
            let long = try ingot("import", "long", "long.tar")
            #expect(long.status == 65)
            #expect(long.error.contains("longer than 4096"))
        }
    }

    @Test(arguments: ["/dev/zero", "/dev/null"])
    func `a device is not imported, since it may never end`(path: String) throws {
        try CommandRunner.inFolder { ingot in
            let result = try ingot("import", "endless", path)
            #expect(result.status == 65)
            #expect(result.error.contains("neither a file nor a folder"))
        }
    }

    @Test func `an image is found by id, name, recipe and version, and an original before its copies`() throws {
        try withTwoVersions { ingot in
            let original = try ingot("images", "--region", "us-east-1", "-o", "quiet").lines.map(String.init)
            let copies = try ingot("images", "--region", "us-west-2", "-o", "quiet").lines.map(String.init)
            #expect(original.count == 2 && copies.count == 2)
            func id(_ words: String...) throws -> String? {
                try ingot.run(["show", "-o", "quiet"] + words).lines.first.map(String.init)
            }
            #expect(try id("small") == original[1])
            #expect(try id("small/1.0.0") == original[0])
            #expect(try id("small/1.0.x") == original[1])
            #expect(try id("us-west-2:small") == copies[1])
            #expect(try id("small/1.0.0", "--region", "us-west-2") == copies[0])
            #expect(try id(copies[0]) == copies[0])
            let region = try ingot.run(["show", "-o", "quiet", "small"], variables: ["AWS_REGION": "us-west-2"])
            #expect(region.output == copies[1] + "\n")
            let unknown = try ingot("show", "smal")
            #expect(unknown.status == 66)
            #expect(
                unknown.error == "ingot: error: there is no image \"smal\" in us-east-1, us-west-2\nhint: did you mean 'small'?\n"
            )
        }
    }

    @Test func `a word that means no image is answered with what is near, in whatever region it is`() throws {
        try CommandRunner.withSmall { ingot in
            // Of one region's images alone, the first by name, nothing would be near.
            try ingot.write("other/file", "1")
            #expect(try ingot("import", "base", "other", "--region", "ap-south-1").status == 0)
            #expect(try ingot("build", "small").status == 0)
            func hint(_ words: String...) throws -> String {
                let result = try ingot.run(words)
                #expect(result.status != 0)
                return result.error.split(separator: "\n").last.map(String.init) ?? ""
            }
            #expect(try hint("diff", "small", "smal") == "hint: did you mean 'small'?")
            #expect(try hint("show", "smal/1.0.x") == "hint: did you mean 'small/1.0.x'?")
            #expect(try hint("show", "small/9.9.9") == "hint: the versions of small are 1.0.0/1")
            #expect(
                try hint("promote", "small/1.0.0", "--to", "staging") == "hint: name the version by itself: small --version 1.0.0"
            )
            try ingot.write(
                "recipes/top.yaml",
                CommandRunner.recipe().replacing("name: small", with: "name: top").replacing("scratch", with: "smal"))
            try ingot.write("pipelines/top.yaml", "name: top\nrecipe: top\nregion: eu-west-1\n")
            #expect(try hint("plan", "top") == "hint: did you mean 'small/x.x.x'?")
            #expect(try hint("scan", "secrets", "other") == "hint: for what is in the working directory, write ./other")
            #expect(try ingot("inventory", "base", "--type", "npm").error.contains("the image has no packages of type npm"))
            let id = try #require(try ingot("images", "-o", "quiet", "--region", "us-east-1").lines.first)
            #expect(try ingot("disable", String(id)).status == 0)
            let disabled = "hint: small/1.0.0/1 (\(id) in us-east-1) is disabled: `ingot enable \(id)`"
            #expect(try hint("show", "small", "--region", "us-east-1") == disabled)
            #expect(try hint("show", "small/1.0.0", "--region", "us-east-1") == disabled)
        }
    }

    @Test func `two different images of one name in two regions are not mixed up`() throws {
        try CommandRunner.inFolder { ingot in
            try ingot.write("one/file", "1")
            try ingot.write("two/file", "2")
            #expect(try ingot("import", "base", "one", "--region", "us-east-1").status == 0)
            #expect(try ingot("import", "base", "two", "--region", "eu-west-1").status == 0)
            let result = try ingot("show", "base")
            #expect(result.status == 73)
            #expect(result.error.contains("eu-west-1 (base/1.0.0/1), us-east-1 (base/1.0.0/1)"))
            #expect(try ingot("cat", "eu-west-1:base", "file").output == "2")
        }
    }

    @Test func `ls shows mode, owner, size, time and target, and suggests the name that was meant`() throws {
        try CommandRunner.withSmall { ingot in
            #expect(try ingot("build", "small").status == 0)
            let list = try ingot("ls", "small", "/etc")
            #expect(
                list.output == """
                    MODE        LINKS  UID  GID  SIZE  MODIFIED              NAME
                    lrwxrwxrwx      1    0    0        2026-01-01T00:00:00Z  link -> passwd
                    -rw-r--r--      1    0    0     8  2026-01-01T00:00:00Z  motd
                    -rw-r--r--      1    0    0    26  2026-01-01T00:00:00Z  passwd
                    -rw-r-----      1    0    0     2  2026-01-01T00:00:00Z  secret

                    """)
            #expect(try ingot("ls", "small", "/srv", "-R", "-o", "quiet").output == "/srv\n/srv/site\n/srv/site/index.html\n")
            let missing = try ingot("ls", "small", "/etc/mtd")
            #expect(missing.status == 66)
            #expect(missing.error.contains("did you mean '/etc/motd'?"))
        }
    }

    @Test func `ls counts the names of hard links, and shows special bits as ls does`() throws {
        try CommandRunner.inFolder { ingot in
            try Shell.run(
                "mkdir t; echo x > t/a; ln t/a t/b; chmod 4755 t/a; mkdir -m 1777 t/tmp; touch t/s; chmod 2640 t/s",
                in: ingot.folder)
            #expect(try ingot("import", "base", "t").status == 0)
            let lines = try ingot("ls", "base").lines.map { $0.split(separator: " ") }
            #expect(
                lines.dropFirst().map { "\($0[0]) \($0[1])" } == ["-rwsr-xr-x 2", "-rwsr-xr-x 2", "-rw-r-S--- 1", "drwxrwxrwt 1"])
        }
    }

    @Test func `cat gives every byte, holes as zeros, and follows links`() throws {
        try CommandRunner.inFolder { ingot in
            let script = "mkdir t; truncate -s 3M t/sparse; printf 'a\\000\\377' >> t/sparse; ln -s sparse t/link"
            try Shell.run(script, in: ingot.folder)
            #expect(try ingot("import", "base", "t").status == 0)
            let bytes = try ingot("cat", "base", "/link").bytes
            #expect(bytes == [UInt8](repeating: 0, count: 3 << 20) + [0x61, 0, 0xFF])
            #expect(try ingot("cat", "base", "/").status == 65)
        }
    }

    @Test func `diff lists what was added, removed and changed, and names what metadata differs`() throws {
        try CommandRunner.inFolder { ingot in
            try Shell.run(
                "mkdir -p a/etc b/etc; for d in a b; do echo 1 > $d/etc/same; echo 1 > $d/etc/mode; ln -s etc $d/link; done",
                in: ingot.folder)
            try Shell.run(
                "echo 1 > a/etc/gone; echo 1 > b/etc/new; echo 1 > a/etc/text; echo 22 > b/etc/text; chmod 640 b/etc/mode",
                in: ingot.folder)
            try Shell.run("find a b -exec touch -h -d @0 {} +", in: ingot.folder)
            #expect(try ingot("import", "left", "a").status == 0)
            #expect(try ingot("import", "right", "b").status == 0)
            let expected = "D\t/etc/gone\nm\t/etc/mode\tmode 0644 -> 0640\nA\t/etc/new\nM\t/etc/text\n"
            let diff = try ingot("diff", "left", "right")
            #expect(diff.output == expected + "1 added, 1 removed, 1 modified, 1 metadata only; +1 B\n")
            #expect(try ingot("diff", "left", "right", "/etc/new", "-o", "quiet").output == "/etc/new\n")
            let missing = try ingot("diff", "left", "right", "/etc/tex")
            #expect(missing.status == 66 && missing.error.contains("/etc/tex exists neither in ami-"), "\(missing.error)")
            #expect(missing.error.contains("did you mean '/etc/text'?"))
            #expect(try ingot("diff", "left", "right", "/etc/same").output == "no differences\n")
            #expect(try ingot("diff", "left", "right", "/etc/gone", "-o", "quiet").output == "/etc/gone\n")
            #expect(try ingot("diff", "left", "right", "/link/new", "-o", "quiet").output == "/etc/new\n")
            #expect(try ingot("diff", "left", "left").output == "no differences\n")
            #expect(try ingot("diff", "left", "right", "--stat").output.contains("/etc"))
        }
    }

    @Test func `blame names the stage that wrote a file, and the import that brought one`() throws {
        try withTwoVersions { ingot in
            let motd = try ingot("blame", "small", "/etc/motd").output
            #expect(motd.contains("by the stage 'files-2' of build 2 (small/1.0.1/1"))
            #expect(try ingot("blame", "small", "/etc/passwd").output.contains("created by the stage 'files'"))
            #expect(try ingot("blame", "small", "/etc/nothing").status == 66)
        }
    }

    @Test func `an export that is imported again is the same image, through every compression and through a pipe`() throws {
        try CommandRunner.withSmall { ingot in
            #expect(try ingot("build", "small").status == 0)
            let digest = try ingot("show", "small", "-o", "json").json(Shown.self).image.rootDigest
            for name in ["x.tar", "x.tar.gz", "x.tar.xz", "x.tar.zst"] {
                #expect(try ingot("export", "small", "-o", name).output == name + "\n")
                let back = try ingot("import", "again", name, "-o", "json")
                #expect(try back.json(Shown.self).image.rootDigest == digest, "\(name): \(back.error)")
            }
            let piped = try ingot.shell("\"$0\" export small -o - > piped.tar && cmp piped.tar x.tar")
            #expect(piped.status == 0)
            #expect(try ingot("export", "small", "-o", "x.zip").status == 64)
            #expect(try ingot("export", "small", "-f", "dir", "-o", "tree").status == 0)
            #expect(try ingot("export", "small", "-f", "dir", "-o", "tree").status == 73)
            #expect(String(decoding: try ingot.read("tree/etc/motd"), as: UTF8.self) == "welcome\n")
        }
    }

    @Test func `a disk that is imported again is the same image, in each form; and what it was is kept to the byte`() throws {
        try CommandRunner.withSmall { ingot in
            #expect(try ingot("build", "small").status == 0)
            let digest = try ingot("show", "small", "-o", "json").json(Shown.self).image.rootDigest
            for form in ["raw", "vhd", "vmdk"] {
                let file = "disk.\(form)"
                #expect(try ingot("export", "small", "-f", form, "-o", file).output == file + "\n")
                let back = try ingot("import", "again-\(form)", file, "-o", "json")
                #expect(try back.json(Shown.self).image.rootDigest == digest, "\(form): \(back.error)")
                let named = try ingot("import", "named-\(form)", file, "--format", form, "-o", "json")
                #expect(try named.json(Shown.self).image.rootDigest == digest, "\(form): \(named.error)")
                // Sparse, and nothing else is left.
                #expect(try Files.status("\(ingot.folder)/\(file)").allocated < 8 << 20, "\(form)")
                #expect(!Files.exists("\(ingot.folder)/\(file).partial"))
            }
            // The name of the AMI with the form behind it.
            let plain = try ingot("export", "again-vhd", "-f", "vhd")
            #expect(plain.output.hasSuffix(".vhd\n"))
            #expect(try ingot.shell("printf more >> disk.raw").status == 0)
            #expect(try ingot("import", "longer", "disk.raw").status == 0)
            #expect(try ingot("export", "longer", "-f", "raw", "-o", "longer.raw").status == 0)
            #expect(try ingot.shell("cmp -n $(stat -c %s disk.raw) disk.raw longer.raw").status == 0)
            #expect(try ingot("export", "small", "-f", "raw", "-o", "-").status == 64)
            // What is no file is not replaced by one.
            #expect(try ingot.shell("mkfifo pipe").status == 0)
            #expect(try ingot("export", "small", "-f", "raw", "-o", "pipe").status == 64)
            #expect(try ingot.shell("test -p pipe").status == 0)
            #expect(try ingot("import", "folder", ".", "--format", "raw").status == 65)
            #expect(try ingot("import", "wrong", "disk.raw", "--format", "vmdk").status == 65)
            #expect(try ingot("import", "wrong", "disk.vmdk", "--format", "archive").status == 65)
        }
    }

    @Test(
        .enabled(
            if: Shell.has("qemu-img") && Shell.has("e2fsck"), "needs qemu-img and e2fsck: apt-get install qemu-utils e2fsprogs"))
    func `a disk that is exported is sound for qemu-img and e2fsck, and what qemu-img made of it is imported`() throws {
        try CommandRunner.withSmall { ingot in
            #expect(try ingot("build", "small").status == 0)
            let digest = try ingot("show", "small", "-o", "json").json(Shown.self).image.rootDigest
            for form in ["raw", "vhd", "vmdk"] {
                #expect(try ingot("export", "small", "-f", form, "-o", "disk.\(form)").status == 0)
            }
            let checked = try ingot.shell(
                """
                qemu-img compare -f raw -F vpc disk.raw disk.vhd && qemu-img compare -f raw -F vmdk disk.raw disk.vmdk &&
                PATH=$PATH:/usr/sbin; dd if=disk.raw of=part bs=1M skip=1 conv=sparse status=none && e2fsck -fn part &&
                debugfs -R 'cat /etc/motd' part > .out
                """)
            #expect(checked.status == 0 && checked.output == "welcome\n", "\(checked.output)\(checked.error)")
            let made = try ingot.shell(
                """
                qemu-img convert -O vmdk disk.raw sparse.vmdk && qemu-img convert -O vpc -o subformat=fixed,force_size=on disk.raw fixed.vhd &&
                qemu-img convert -O qcow2 disk.raw disk.qcow2
                """)
            #expect(made.status == 0, "\(made.error)")
            for (name, file) in [("sparse", "sparse.vmdk"), ("fixed", "fixed.vhd"), ("part", "part")] {
                let back = try ingot("import", name + "-disk", file, "-o", "json")
                #expect(try back.json(Shown.self).image.rootDigest == digest, "\(file): \(back.error)")
            }
            let other = try ingot("import", "other", "disk.qcow2")
            #expect(other.status == 65 && other.error.contains("qemu-img convert -O raw"))
        }
    }

    private struct Shown: Decodable {
        struct Image: Decodable { let rootDigest: String }
        let image: Image
    }

    @Test func `an import of what is there already makes no version`() throws {
        try CommandRunner.inFolder { ingot in
            try ingot.write("t/file", "1")
            let first = try ingot("import", "base", "t", "--version", "2.x.0", "--tag", "Team=platform")
            #expect(first.output.contains("base/2.0.0/1") && first.output.contains("Team=platform"))
            #expect(try ingot("import", "base", "t", "--version", "2.x.0").output.hasPrefix("nothing changed: ami-"))
            #expect(try ingot("import", "base", "nowhere").status == 66)
            #expect(try ingot("import", "base", "t", "--tag", "Team").status == 64)
            try ingot.write("bad.tar", "this is no archive")
            #expect(try ingot("import", "base", "bad.tar").status == 65)
        }
    }

    @Test func `a copy is made once, and never to the region that the image is in`() throws {
        try CommandRunner.inFolder { ingot in
            try ingot.write("t/file", "1")
            #expect(try ingot("import", "base", "t").status == 0)
            #expect(try ingot("copy", "base", "--to", "us-west-2").output.hasPrefix("copied ami-"))
            #expect(try ingot("copy", "base", "--to", "us-west-2").output.hasPrefix("nothing to do: ami-"))
            #expect(try ingot("copy", "base", "--to", "us-east-1").status == 65)
            let unknown = try ingot("copy", "base", "--to", "us-wst-2")
            #expect(unknown.status == 66)
            #expect(unknown.error.contains("did you mean 'us-west-2'?"))
        }
    }
}
