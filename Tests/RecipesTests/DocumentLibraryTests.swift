import Model
import Platform
import Recipes
import Testing

/// Whether the machine has a time zone database.
let hasZones = Files.exists(ZoneInfo.databaseFolder + "/Asia/Seoul")

/// A folder with documents, removed at the end.
private struct Folder: ~Copyable {
    let path: String

    init(_ files: [String: String]) throws {
        let path = "/tmp/ingot-recipes-\(try Random.token())"
        for (name, text) in files {
            let file = path + "/" + name
            try Files.makeFolders(Files.parent(of: file))
            try Files.writeDurably(file, Array(text.utf8))
        }
        self.path = path
    }

    deinit { try? Files.removeTree(path) }

    var documents: DocumentLibrary { DocumentLibrary(root: path) }
}

private func recipe(_ name: String, parent: String) -> String { "name: \(name)\nversion: 1.0.x\nparentImage: \(parent)\n" }

@Suite("Documents by name")
struct DocumentLibraryTests {
    @Test("a document is found by its name and by its path")
    func found() throws {
        let folder = try Folder([
            "recipes/web.yaml": recipe("web", parent: "scratch"),
            "pipelines/nightly.yaml": "name: nightly\nrecipe: web\nregion: us-east-1\n", "recipes/notes.txt": "",
        ])
        let library = folder.documents
        #expect(library.names(.recipes) == ["web"])
        #expect(library.names(.profiles) == [])
        let byName = try library.recipe("web", stages: testStages)
        let byPath = try library.recipe(folder.path + "/recipes/web.yaml", stages: testStages)
        #expect(byName.file == folder.path + "/recipes/web.yaml" && byPath.file == byName.file)
        #expect(byName.baseFolder == folder.path + "/recipes")
        #expect(try library.pipeline("nightly").recipe.description == "web")
    }

    @Test("a missing document is named with the nearest one")
    func missing() throws {
        let folder = try Folder(["recipes/web-server.yaml": "", "recipes/database.yaml": ""])
        let library = folder.documents
        let byName = #expect(throws: Failure.self) { try library.recipe("web-servre", stages: []) }
        #expect(byName?.code == .notFound)
        #expect(
            byName?.message == "there is no recipe 'web-servre': \(folder.path)/recipes/web-servre.yaml does not exist")
        #expect(byName?.hint == "did you mean 'web-server'?")
        let byPath = #expect(throws: Failure.self) { try library.recipe(folder.path + "/recipes/databse.yaml", stages: []) }
        #expect(byPath?.message == "there is no recipe file \(folder.path)/recipes/databse.yaml")
        #expect(byPath?.hint == "did you mean '\(folder.path)/recipes/database.yaml'?")
        #expect(throws: Failure.self) { try library.pipeline("web-server") }
    }

    @Test("a file that cannot be read is an error of reading")
    func unreadable() throws {
        let folder = try Folder(["recipes/web.yaml/x": ""])
        let failure = #expect(throws: Failure.self) { try folder.documents.recipe("web", stages: []) }
        #expect(failure?.code == .io)
    }

    @Test(
        "a document belongs to the library above its folder",
        arguments: [
            ("pipelines/web.yaml", "."), ("a/recipes/web.yaml", "a"), ("/a/profiles/web.yaml", "/a"), ("a/b/web.yaml", "a/b"),
            ("web.yaml", "."),
        ])
    func containing(file: String, root: String) { #expect(DocumentLibrary(containing: file).root == root) }

    @Test("the lineage of a recipe is its parents, as far as there are recipes")
    func lineage() throws {
        let folder = try Folder([
            "recipes/web.yaml": recipe("web", parent: "base/1.x.x"), "recipes/base.yaml": recipe("base", parent: "debian-12"),
        ])
        let web = try folder.documents.recipe("web", stages: [])
        #expect(try folder.documents.lineage(of: web, stages: []).map(\.name.description) == ["web", "base"])
    }

    @Test("recipes that are each other's parents are refused, and the circle is named")
    func circle() throws {
        let folder = try Folder([
            "recipes/web.yaml": recipe("web", parent: "one"), "recipes/one.yaml": recipe("one", parent: "two"),
            "recipes/two.yaml": recipe("two", parent: "one"),
        ])
        let web = try folder.documents.recipe("web", stages: [])
        let failure = #expect(throws: Failure.self) { try folder.documents.lineage(of: web, stages: []) }
        #expect(failure?.code == .invalid)
        #expect(failure?.message == "recipes are each other's parent images: one → two → one")
    }
}
