import Guest
import ImageStore
import Model
import Platform
import TestSupport
import Testing

@Suite struct DiffTests {
    let editor: TreeEditor

    init() throws {
        editor = try makeTree(
            ["/etc/motd": "one\ntwo\nthree\nfour\nfive\n", "/usr/bin/tool": "#!/bin/sh\n"], in: MemoryObjects())
    }

    @discardableResult
    private func apply(_ diff: String, strip: Int = 1) throws -> [DiffApplication.Change] {
        try DiffApplication.apply(UnifiedDiffParser.parse(Array(diff.utf8), file: "d"), strip: strip, to: editor, file: "d")
    }

    @Test("a file is changed, one made and one made executable by one diff")
    func several() throws {
        let changes = try apply(
            """
            From: somebody
            diff --git a/etc/motd b/etc/motd
            index 1..2 100644
            --- a/etc/motd
            +++ b/etc/motd
            @@ -1,3 +1,3 @@
             one
            -two
            +TWO
             three
            diff --git a/etc/new b/etc/new
            new file mode 100755
            --- /dev/null
            +++ b/etc/new
            @@ -0,0 +1,2 @@
            +x
            +y
            \\ No newline at end of file
            diff --git a/usr/bin/tool b/usr/bin/tool
            old mode 100644
            new mode 100755

            """)
        #expect(changes.map(\.kind) == [.modified, .created, .modified])
        #expect(try editor.text("/etc/motd") == "one\nTWO\nthree\nfour\nfive\n")
        #expect(try editor.text("/etc/new") == "x\ny")
        #expect(try editor.node(at: "/etc/new")?.metadata.mode == 0o755)
        #expect(try editor.node(at: "/usr/bin/tool")?.metadata.mode == 0o755)
    }

    @Test("a deletion needs the whole file, in git's way and in that of diff -N")
    func deletion() throws {
        try apply(
            "--- a/usr/bin/tool\t2020-01-01 00:00:00 +0000\n+++ b/usr/bin/tool\t1970-01-01 09:00:00.000000000 +0900\n@@ -1 +0,0 @@\n-#!/bin/sh\n"
        )
        #expect(try editor.node(at: "/usr/bin/tool") == nil)
        #expect(throws: Failure.self) { try apply("--- a/etc/motd\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n") }
    }

    @Test("nothing is applied when one hunk of two files does not fit, and the error names file, hunk and line")
    func allOrNothing() throws {
        let before = try editor.finish()
        let error = try failure {
            try apply(
                "--- a/etc/motd\n+++ b/etc/motd\n@@ -1 +1 @@\n-one\n+1\n--- a/usr/bin/tool\n+++ b/usr/bin/tool\n@@ -1 +1 @@\n-other\n+x\n"
            )
        }
        #expect(error.code == .conflict)
        #expect(
            error.message.contains("/usr/bin/tool") && error.message.contains("hunk 1 (line 8 of the diff, line 1 of the file)"))
        #expect(try editor.finish() == before)
    }

    @Test("a diff that was applied before is said to be")
    func again() throws {
        let diff = "--- a/etc/motd\n+++ b/etc/motd\n@@ -2,3 +2,3 @@\n two\n-three\n+3\n four\n"
        try apply(diff)
        #expect(try failure { try apply(diff) }.hint?.contains("applied before") ?? false)
    }

    @Test(
        "names that lead out of the root, binary changes, torn hunks and text without a diff are refused",
        arguments: [
            "--- a/../x\n+++ b/../x\n@@ -0,0 +1 @@\n+x\n", "diff --git a/x b/x\nBinary files a/x and b/x differ\n",
            "--- a/etc/motd\n+++ b/etc/motd\n@@ -1,3 +1,3 @@\n one\n", "hello\n", "--- a/etc/motd\n+++ b/etc/motd\n",
            "--- a/etc/motd\n+++ b/etc/motd\n@@ -1,1 +1 @@\n*one\n", "@@ -1 +1 @@\n-a\n+b\n",
        ])
    func refused(_ diff: String) throws {
        let before = try editor.finish()
        #expect(throws: Failure.self) { try apply(diff) }
        #expect(try editor.finish() == before)
    }

    @Test("a folder that is a link is gone through, the file itself must not be a link, and no link leads out of the root")
    func links() throws {
        try editor.put(Node(Metadata(mode: 0o777), .symlink(target: Array("usr/bin".utf8))), at: "/bin")
        try apply("--- a/bin/tool\n+++ b/bin/tool\n@@ -1 +1,2 @@\n #!/bin/sh\n+exit\n")
        #expect(try editor.text("/usr/bin/tool") == "#!/bin/sh\nexit\n")
        try editor.put(Node(Metadata(mode: 0o777), .symlink(target: Array("motd".utf8))), at: "/etc/link")
        #expect(
            try failure { try apply("--- a/etc/link\n+++ b/etc/link\n@@ -1 +1 @@\n-one\n+1\n") }.message.contains("symbolic link")
        )
        try editor.put(Node(Metadata(mode: 0o777), .symlink(target: Array("../../..".utf8))), at: "/etc/out")
        #expect(throws: Failure.self) { try apply("--- /dev/null\n+++ b/etc/out/x\n@@ -0,0 +1 @@\n+x\n") }
    }

    @Test("carriage returns of lines stay, and one at the end of a name does not count")
    func carriageReturns() throws {
        try editor.write("a\r\nb\r\n", to: "/etc/dos")
        try apply("--- a/etc/dos\r\n+++ b/etc/dos\r\n@@ -1,2 +1,2 @@\r\n a\r\n-b\r\n+c\r\n")
        #expect(try editor.text("/etc/dos") == "a\r\nc\r\n")
    }

    @Test("a rename moves the file with its mode, and quoted names are bytes")
    func rename() throws {
        try editor.updateMetadata("/usr/bin/tool") { $0.mode = 0o4755 }
        try apply(
            """
            diff --git a/usr/bin/tool "b/usr/bin/t\\303\\266l"
            similarity index 100%
            rename from usr/bin/tool
            rename to "usr/bin/t\\303\\266l"

            """)
        #expect(try editor.node(at: "/usr/bin/tool") == nil)
        #expect(try editor.node(at: "/usr/bin/töl")?.metadata.mode == 0o4755)
    }

    @Test("400 generated diffs end as GNU patch ends them", .enabled(if: Host.hasPatch, Host.patchMissing))
    func oracle() throws {
        var numbers = Numbers(seed: 3)
        func lines(_ count: Int) -> [String] { (0..<count).map { _ in ["a", "b", "c", "d", "", "same"][numbers.next(6)] } }
        func edited(_ old: [String]) -> [String] {
            var lines = old
            for _ in 0..<(1 + numbers.next(3)) {
                let place = numbers.next(lines.count + 1)
                switch numbers.next(3) {
                case 0: lines.insert("new\(numbers.next(9))", at: place)
                case 1: if place < lines.count { lines.remove(at: place) }
                default: if place < lines.count { lines[place] = "changed" }
                }
            }
            return lines
        }
        func text(_ lines: [String]) -> String {
            lines.joined(separator: "\n") + (numbers.next(4) == 0 || lines.isEmpty ? "" : "\n")
        }
        try withTemporaryFolder { folder in
            var script = "cd '\(folder)'\n"
            for index in 0..<400 {
                let old = lines(1 + numbers.next(30))
                // The file that is patched is often not the one that the diff was made of.
                let target = numbers.next(2) == 0 ? old : edited(old)
                for (name, content) in [("old", text(old)), ("new", text(edited(old))), ("target", text(target))] {
                    try FileDescriptor.open("\(folder)/\(index).\(name)", .create).write(Array(content.utf8))
                }
                script += """
                    cp \(index).target \(index).gnu
                    diff -U\(index % 4) --label a/f --label b/f \(index).old \(index).new > \(index).diff
                    patch -s -f --fuzz=0 --no-backup-if-mismatch -r /dev/null \(index).gnu \(index).diff >/dev/null 2>&1
                    echo $? > \(index).status

                    """
            }
            try Host.shell(script)
            for index in 0..<400 {
                let diff = try Files.read("\(folder)/\(index).diff")
                if diff.isEmpty { continue }
                let editor = try makeTree(["/f": ""], in: MemoryObjects())
                try editor.write(try Files.read("\(folder)/\(index).target"), to: "/f")
                let expected = String(decoding: try Files.read("\(folder)/\(index).status"), as: UTF8.self) == "0\n"
                var applied = true
                do {
                    _ = try DiffApplication.apply(UnifiedDiffParser.parse(diff, file: "d"), strip: 1, to: editor, file: "d")
                } catch { applied = false }
                // GNU patch puts lines without context behind the end of a file that is too short; here that is refused.
                #expect(applied == expected || (!applied && index.isMultiple(of: 4)), "diff \(index)")
                guard applied && expected else { continue }
                #expect(try editor.read("/f") == Files.read("\(folder)/\(index).gnu"), "diff \(index)")
            }
        }
    }
}
