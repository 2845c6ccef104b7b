import ImageStore
import Model
import TestSupport
import Testing

@Suite struct ResolveTests {
    private let objects = MemoryObjects()

    /// An editor with `links` as symbolic links and a file /usr/lib/x/file.
    private func editor(_ links: [(path: TreePath, target: String)]) throws -> TreeEditor {
        let editor = try TreeEditor(root: try tree(["/usr/lib/x/file": [1], "/etc/file": [2]], in: objects), in: objects)
        for link in links {
            try editor.put(Node(Metadata(mode: 0o777), .symlink(target: Array(link.target.utf8))), at: link.path)
        }
        return editor
    }

    @Test(arguments: [
        ("lib", "usr/lib", "lib/x/file", "/usr/lib/x/file"), ("etc/a", "/usr/./lib//x/", "etc/a/file", "/usr/lib/x/file"),
        ("usr/lib/up", "../../etc", "usr/lib/up/file", "/etc/file"), ("etc/self", ".", "etc/self/file", "/etc/file"),
        ("etc/root", "/", "etc/root/etc/file", "/etc/file"), ("etc/gone", "nowhere/x", "etc/gone/y", "/etc/nowhere/x/y"),
        ("a", "/etc/../usr/lib/../lib/x", "a/file", "/usr/lib/x/file"),
    ])
    func `links on the way are followed as a process in the image would`(
        link: TreePath, target: String, path: TreePath, expected: String
    ) throws {
        #expect(try editor([(link, target)]).resolve(path).description == expected)
    }

    @Test func `dot dot after a link means the parent of where the link leads`() throws {
        let editor = try editor([("lib", "usr/lib/x"), ("a", "lib/../y")])
        #expect(try editor.resolve("a").description == "/usr/lib/y")
    }

    @Test func `the last link is followed only where that is asked for`() throws {
        let editor = try editor([("lib", "usr/lib")])
        #expect(try editor.resolve("lib", followLast: false).description == "/lib")
        #expect(try editor.resolve("lib/x", followLast: false).description == "/usr/lib/x")
    }

    @Test func `a loop of links is refused`() throws {
        let editor = try editor([("a", "b"), ("b", "a"), ("c", "c/d")])
        for path in ["a", "a/x", "c"] as [TreePath] { #expect(failure { _ = try editor.resolve(path) }?.code == .invalid) }
    }

    @Test func `forty links are followed and one more is refused, as Linux does it`() throws {
        let names = try (0...41).map { try #require(Name("l\($0)")) }
        let editor = try editor((0..<41).map { (TreePath([names[$0]]), "l\($0 + 1)") })
        #expect(try editor.resolve(TreePath([names[1]])) == TreePath([names[41]]))
        #expect(failure { _ = try editor.resolve(TreePath([names[0]])) }?.code == .invalid)
    }

    @Test(arguments: ["..", "../x", "/..", "/../etc", "etc/../../x", "lib/../../../../x"])
    func `a link that leads out of the root is refused for reading and writing`(target: String) throws {
        let editor = try editor([("lib", "usr/lib"), ("evil", target)])
        for path in ["evil", "evil/file"] as [TreePath] {
            #expect(failure { _ = try editor.resolve(path) }?.code == .invalid)
            #expect(failure { _ = try editor.read(path) }?.code == .invalid)
            #expect(failure { try editor.write([1], to: path) }?.code == .invalid)
            #expect(failure { try editor.makeDirectory(path) }?.code == .invalid)
        }
    }

    @Test func `a stored tree resolves as an edited one does`() throws {
        let editor = try editor([("lib", "usr/lib"), ("a", "lib/../y")])
        let tree = try Tree(try editor.finish(), in: objects)
        for path in ["lib/x/file", "a", "etc/file"] as [TreePath] { #expect(try tree.resolve(path) == editor.resolve(path)) }
        #expect(try tree.read("lib/x/file") == [1])
        #expect(try tree.exists("lib/x/file"))
        #expect(try !tree.exists("lib/none"))
    }
}
