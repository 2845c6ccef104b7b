import Guest
import ImageStore
import Model
import TestSupport
import Testing

@Suite struct GlobTests {
    @Test(
        "a wildcard matches bytes of one name",
        arguments: [
            ("*", "", true), ("*", "anything", true), ("a*c", "abbc", true), ("a*c", "abcd", false), ("?", "", false),
            ("?", "x", true),
            ("*.log*", "a.log.1", true), ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[]]", "]", true),
            ("[a-]", "-", true),
            ("\\*", "*", true), ("\\*", "x", false), (".*history", ".bash_history", true), ("*a*b*a*", "xxaxxbxxa", true),
            ("ab", "abc", false),
        ])
    func wildcards(_ pattern: String, _ text: String, _ fits: Bool) throws {
        #expect(try Wildcard(pattern.utf8).matches(Array(text.utf8)) == fits)
    }

    @Test("a wildcard made to be slow is not")
    func slowWildcard() throws {
        let pattern = try Wildcard(Array(String(repeating: "a*", count: 100).utf8) + [0x62])
        #expect(!pattern.matches([UInt8](repeating: 0x61, count: 5000)))
    }

    @Test("a pattern that is none is refused", arguments: ["[a", "x\\", "[z-a]"])
    func wrongWildcards(_ pattern: String) {
        #expect(throws: Failure.self) { try Wildcard(pattern.utf8) }
    }

    @Test(
        "braces stand for several patterns",
        arguments: [
            ("/a", ["/a"]), ("/{a,b}", ["/a", "/b"]), ("{/a,/b/{c,d}}/e", ["/a/e", "/b/c/e", "/b/d/e"]),
            ("/a{,.old}", ["/a", "/a.old"]),
            ("/{a,b}{1,2}", ["/a1", "/a2", "/b1", "/b2"]),
        ])
    func braces(_ text: String, _ patterns: [String]) throws {
        #expect(try GlobPattern.expand(text).map(\.text).sorted() == patterns.sorted())
    }

    @Test(
        "paths that mean no place in an image are refused",
        arguments: ["etc/x", "/a/../b", "/a/./b", "/a//b", "/", "/{a", "/a}", "<home>", "<home>/", "/**/a/**/b/**", "/a\0b"])
    func wrongPatterns(_ text: String) {
        #expect(throws: Failure.self) { try GlobPattern.expand(text) }
    }

    @Test("too many braces are refused")
    func tooManyBraces() {
        #expect(throws: Failure.self) { try GlobPattern.expand("/" + String(repeating: "{a,b}", count: 11)) }
    }

    private func tree(_ files: [String], links: [(String, String)] = []) throws -> TreeEditor {
        let editor = try TreeEditor(root: nil, in: MemoryObjects())
        for file in files {
            let path = try TreePath(parsing: file)
            try editor.makeDirectory(path.parent)
            try editor.write("x", to: path)
        }
        for (path, target) in links {
            let path = try TreePath(parsing: path)
            try editor.makeDirectory(path.parent)
            try editor.put(Node(Metadata(mode: 0o777), .symlink(target: Array(target.utf8))), at: path)
        }
        return editor
    }

    private func find(_ pattern: String, in editor: TreeEditor) throws -> GlobSearch.Result {
        try GlobSearch(editor, homes: try HomeFolders(in: editor)).find(try GlobPattern.expand(pattern))
    }

    @Test(
        "a search finds what fits",
        arguments: [
            ("/a/*.txt", ["/a/one.txt"]), ("/a/**", ["/a/b", "/a/b/c", "/a/b/c/two.txt", "/a/one.txt"]),
            ("/a/**/*.txt", ["/a/b/c/two.txt", "/a/one.txt"]), ("/**/c", ["/a/b/c"]), ("/a/*/c/*", ["/a/b/c/two.txt"]),
            ("/none/*", []),
            ("/a/one.txt/x", []),
        ])
    func search(_ pattern: String, _ found: [String]) throws {
        let editor = try tree(["/a/one.txt", "/a/b/c/two.txt"])
        #expect(try find(pattern, in: editor).paths.map(\.description) == found)
    }

    @Test("the folder that a pattern names is taken as a process would, links followed")
    func linkedFolder() throws {
        let editor = try tree(["/run/lock/x"], links: [("/var/run", "/run")])
        #expect(try find("/var/run/lock/*", in: editor).paths == ["/run/lock/x"])
    }

    @Test("a link that leads out of the folder is told and not followed; one that stays inside is followed")
    func linksBelow() throws {
        let editor = try tree(
            ["/etc/secret/x", "/home/a/in/x"],
            links: [
                ("/home/a/out", "/etc/secret"), ("/home/a/inner", "in"), ("/home/a/circle", "circle"), ("/home/a/gone", "/none"),
            ])
        let result = try find("/home/*/*/x", in: editor)
        #expect(result.paths == ["/home/a/in/x"])
        #expect(result.leadingOut == ["/home/a/out"])
        #expect(try find("/home/**/x", in: editor).paths == ["/home/a/in/x"])
        #expect(try find("/home/a/ou*", in: editor).paths == ["/home/a/out"])
    }
}
