import Guest
import ImageStore
import Model
import Platform
import TestSupport
import Testing

/// Packages made by dpkg-deb, put in natively and by dpkg itself into the same base: the results must be the same.
@Suite(.enabled(if: Host.hasDpkg, Host.dpkgMissing), .serialized) struct PackageInstallTests {
    private let objects = MemoryObjects()

    /// A Debian-shaped tree with a merged /usr and one package, whose one file is shared ground.
    private func base() throws -> TreeEditor {
        let editor = try makeTree(
            [
                "/usr/bin/other": "other\n", "/usr/bin/second": "",
                "/var/lib/dpkg/info/other.md5sums": "ba7790b1708b71cb2b61b1a30d824712  usr/bin/other\n",
                "/var/lib/dpkg/info/format": "1\n",
                "/var/lib/dpkg/info/other.list": "/.\n/usr\n/usr/bin\n/usr/bin/other\n/usr/bin/second\n",
                "/var/lib/dpkg/status":
                    "Package: other\nStatus: install ok installed\nMaintainer: A <a@example.org>\nArchitecture: all\nVersion: 1.0\nDescription: other\n\n",
            ], in: objects)
        for folder in ["/etc", "/usr/lib", "/var/lib/dpkg/updates", "/var/lib/dpkg/triggers", "/var/log"] {
            try editor.makeDirectory(try TreePath(parsing: folder))
        }
        for (name, target) in [("bin", "usr/bin"), ("lib", "usr/lib")] {
            try editor.put(Node(Metadata(mode: 0o777), .symlink(target: Array(target.utf8))), at: try TreePath(parsing: name))
        }
        return editor
    }

    /// Makes a package of files; control fields are added to the needed ones.
    private func package(
        _ folder: String, _ name: String, _ version: String, files: [String: String], control: [String: String] = [:],
        fields: String = "",
        script: String = ""
    ) throws -> String {
        let root = "\(folder)/\(name)_\(version)"
        for (path, text) in files {
            try Files.makeFolders(Files.parent(of: "\(root)/\(path)"))
            try FileDescriptor.open("\(root)/\(path)", .create).write(Array(text.utf8))
        }
        try Files.makeFolders("\(root)/DEBIAN")
        let stanza =
            "Package: \(name)\nVersion: \(version)\nArchitecture: all\nMaintainer: A <a@example.org>\n\(fields)Homepage: https://example.org\nDescription: test\n of a package\n"
        for (file, text) in control.merging(["control": stanza], uniquingKeysWith: { $1 }) {
            try FileDescriptor.open("\(root)/DEBIAN/\(file)", .create).write(Array(text.utf8))
        }
        let file = "\(root).deb"
        let made = try Host.shell(
            """
            cd '\(root)'; chmod -R u=rwX,go=rX .; \(script)
            for s in preinst postinst prerm postrm; do [ -f DEBIAN/$s ] && chmod 755 DEBIAN/$s; done
            find . -exec touch -h -d @1600000000 {} +
            dpkg-deb --root-owner-group -b . '\(file)'
            """)
        try #require(made.isSuccess, "\(made.output)")
        return file
    }

    private func install(
        _ files: [String], _ editor: TreeEditor, scripts: PackageInstaller.Scripts = .refuse
    ) throws -> [PackageInstaller.Result] {
        var archives: [PackageArchive] = []
        for file in files { archives.append(try PackageArchive(bytes: try Files.read(file), file: Files.name(of: file))) }
        return try PackageInstaller(editor, storingIn: objects, scripts: scripts).install(archives)
    }

    /// All of a folder that is of interest: dpkg's locks, logs and old copies are left out.
    private func listing(_ folder: String) throws -> String {
        try Host.shell(
            """
            cd '\(folder)'; find . \\( -path ./var/lib/dpkg/lock\\* -o -path ./var/lib/dpkg/status-old -o -path ./var/lib/dpkg/available \
              -o -path ./var/lib/dpkg/triggers/\\* -o -path ./var/log/\\* \\) -prune -o -printf '%p %y %m %l\\n' | sort
            find . -type f -not -path './var/lib/dpkg/lock*' -not -path ./var/lib/dpkg/status-old -not -path './var/lib/dpkg/triggers/*' \
              -not -path './var/log/*' | sort | while read f; do echo "== $f"; cat "$f"; done
            """
        ).output
    }

    /// Puts the packages of each round in both ways, and compares.
    private func compare(_ folder: String, _ rounds: [[String]], change: (TreeEditor) throws -> Void = { _ in }) throws {
        let editor = try base()
        try Host.export(editor, to: "\(folder)/dpkg")
        for (index, round) in rounds.enumerated() {
            if index > 0 {
                // What the administrator does between two rounds happens in both.
                try change(editor)
                let scratch = try TreeEditor(root: try editor.finish(), in: objects)
                let etc = try scratch.children(of: "/etc") ?? []
                try Host.shell("rm -rf '\(folder)/dpkg/etc'; mkdir '\(folder)/dpkg/etc'")
                for (name, node) in etc where node.content != nil {
                    let path = TreePath([try #require(Name("etc")), name])
                    try FileDescriptor.open("\(folder)/dpkg\(path)", .create).write(try scratch.read(path) ?? [])
                }
                try Host.shell("chmod -R u=rwX,go=rX '\(folder)/dpkg/etc'")
            }
            _ = try install(round, editor)
            let answer = try Host.shell(
                "dpkg --root='\(folder)/dpkg' --force-confold --force-not-root --log=/dev/null --install \(round.joined(separator: " ")) </dev/null"
            )
            try #require(answer.isSuccess, "\(answer.output)")
        }
        try Host.export(editor, to: "\(folder)/native")
        let (native, real) = (try listing("\(folder)/native"), try listing("\(folder)/dpkg"))
        #expect(native.split(separator: "\n") == real.split(separator: "\n"))
        let audit = try Host.shell("dpkg --root='\(folder)/native' --audit; dpkg --root='\(folder)/native' -V")
        #expect(audit.output == "" || audit.output.contains(" c /etc/"), "\(audit.output)")
    }

    @Test("a new package is put in as dpkg does it, through the links of a merged /usr")
    func new() throws {
        try withTemporaryFolder { folder in
            let file = try package(
                folder, "tool", "1.0-1",
                files: ["bin/tool": "#!/bin/sh\n", "etc/tool.conf": "a=1\n", "usr/share/tool/x y": "data\n"],
                control: ["conffiles": "/etc/tool.conf\n"],
                fields: "Section: misc\nPriority: optional\nDepends: other (>= 0.9)\n",
                script:
                    "ln -s tool bin/alias; ln usr/share/tool/'x y' usr/share/tool/z; chmod 4755 bin/tool; md5sum bin/tool > DEBIAN/md5sums"
            )
            try compare(folder, [[file]])
        }
    }

    @Test("an upgrade removes old files, keeps changed configuration and replaces unchanged as dpkg does it")
    func upgrade() throws {
        try withTemporaryFolder { folder in
            let conffiles = ["conffiles": "/etc/changed\n/etc/same\n/etc/deleted\n/etc/gone\n"]
            let old = try package(
                folder, "tool", "1.0",
                files: [
                    "usr/bin/old": "o\n", "usr/share/old/x": "x\n", "etc/changed": "1\n", "etc/same": "1\n", "etc/deleted": "1\n",
                    "etc/gone": "1\n",
                ],
                control: conffiles)
            let new = try package(
                folder, "tool", "1.1",
                files: ["usr/bin/new": "n\n", "etc/changed": "2\n", "etc/same": "2\n", "etc/deleted": "2\n"],
                control: ["conffiles": "/etc/changed\n/etc/same\n/etc/deleted\n"])
            try compare(folder, [[old], [new]]) {
                try $0.write("mine\n", to: "/etc/changed")
                try $0.remove("/etc/deleted")
            }
        }
    }

    @Test("a file of another package is refused, and taken over where Replaces says so")
    func overwrite() throws {
        try withTemporaryFolder { folder in
            let thief = try package(folder, "thief", "1", files: ["bin/other": "mine\n"])
            let before = try base().finish()
            let editor = try base()
            let error = try failure { _ = try install([thief], editor) }
            #expect(error.code == .conflict && error.message.contains("belongs to the package other 1.0"))
            #expect(try base().finish() == before)
            let heir = try package(folder, "heir", "1", files: ["usr/bin/other": "mine\n"], fields: "Replaces: other (<< 2)\n")
            try compare(folder, [[heir]])
        }
    }

    @Test("a package with scripts is refused with the script's name, or left unpacked on demand")
    func scripts() throws {
        try withTemporaryFolder { folder in
            let file = try package(
                folder, "tool", "1", files: ["usr/bin/tool": "x\n"], control: ["postinst": "#!/bin/sh\nexit 0\n"])
            let editor = try base()
            let error = try failure { _ = try install([file], editor) }
            #expect(error.message.contains("postinst") && error.hint?.contains("sandbox") ?? false)
            let result = try install([file], base(), scripts: .skip)
            #expect(result[0].state == "unpacked" && result[0].skippedScripts == ["postinst"])
        }
    }

    @Test("a path that leads out, a missing dependency, a foreign architecture and what is no package are refused")
    func refused() throws {
        try withTemporaryFolder { folder in
            let needy = try package(folder, "needy", "1", files: ["usr/x": ""], fields: "Depends: nothing | other (>> 1.0)\n")
            #expect(try failure { _ = try install([needy], base()) }.message.contains("needs nothing or other (>> 1.0)"))
            let editor = try base()
            try editor.put(Node(Metadata(mode: 0o777), .symlink(target: Array("../..".utf8))), at: "/usr/out")
            let out = try package(folder, "out", "1", files: ["usr/out/x": "x"])
            #expect(try failure { _ = try install([out], editor) }.message.contains("leads out"))
            let junk = "\(folder)/junk.deb"
            try FileDescriptor.open(junk, .create).write(Array("!<arch>\nnothing".utf8))
            #expect(throws: Failure.self) { _ = try install([junk], base()) }
        }
    }

    @Test("diverted files go where the diversion says")
    func diversion() throws {
        try withTemporaryFolder { folder in
            let file = try package(folder, "tool", "1", files: ["usr/bin/tool": "x\n"])
            let editor = try base()
            try editor.write("/usr/bin/tool\n/usr/bin/tool.distrib\n:\n", to: "/var/lib/dpkg/diversions")
            _ = try install([file], editor)
            #expect(try editor.text("/usr/bin/tool.distrib") == "x\n")
            #expect(try editor.node(at: "/usr/bin/tool") == nil)
        }
    }
}
