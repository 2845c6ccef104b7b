import Crypto
import ImageStore
import Model
import Pipeline
import Platform
import Recipes
import Stages
import Testing

@Suite struct `The recipes and pipelines that come with Ingot` {
    private let library: DocumentLibrary = {
        // Tests/StagesTests/<this file> is three names below the root.
        let folder = Files.parent(of: #filePath)
        return DocumentLibrary(root: Files.parent(of: Files.parent(of: folder)))
    }()

    @Test func `all recipes are well formed, and their parents are among them`() throws {
        let names = library.names(.recipes)
        #expect(Set(names).isSuperset(of: ["skeleton", "demo", "debian-12", "web-server", "database"]))
        for name in names {
            let recipe = try library.recipe(name, stages: StageRegistry.standard)
            let lineage = try library.lineage(of: recipe, stages: StageRegistry.standard)
            #expect(lineage.last?.parentImage == .scratch, "\(name)")
        }
    }

    @Test func `all pipelines are well formed, and their recipes are there`() throws {
        let names = library.names(.pipelines)
        #expect(Set(names).isSuperset(of: ["demo", "debian-12", "web-nightly"]))
        let recipes = library.names(.recipes)
        for name in names {
            let pipeline = try library.pipeline(name)
            #expect(recipes.contains(pipeline.recipe.description), "\(name)")
        }
    }

    @Test func `the demo goes through all its stages, twice with the same result`() throws {
        var roots: Set<Digest> = []
        for _ in 0..<2 {
            try StageFixture.with { fixture in
                let base = try fixture.run(try library.recipe("skeleton", stages: StageRegistry.standard))
                let image = try fixture.run(try library.recipe("demo", stages: StageRegistry.standard), on: base)
                let tree = try fixture.view(image)
                #expect(try tree.text("/etc/nginx/nginx.conf")?.contains("server_tokens off") == true)
                #expect(try tree.text("/var/www/html/index.html")?.contains("came with the image") == true)
                roots.insert(image)
            }
        }
        #expect(roots.count == 1)
    }
}

extension StageFixture {
    /// Runs all stages of a recipe, each on the result of the one before.
    fileprivate func run(_ recipe: Recipe, on base: Digest? = nil) throws(Failure) -> Digest {
        var root = base
        let writer = try StoreWriter(store)
        for (index, entry) in recipe.stages.enumerated() {
            guard let stage = entry.stage as? any Stage else { throw Failure(.bug, "\(entry.name) cannot be run") }
            let inputs = InputContext(
                baseFolder: recipe.baseFolder, profilesFolder: "\(recipe.baseFolder)/profiles",
                downloadsFolder: "\(folder)/downloads",
                environment: environment, earlier: Array(recipe.stages[..<index]))
            let date = recipe.sourceDate.map { $0.seconds * 1_000_000_000 }
            let editor = try TreeEditor(root: root, in: writer, date: date)
            let context = StageContext(
                editor: editor, writer: writer, inputs: inputs, declaredInputs: try stage.inputs(inputs),
                architecture: recipe.architecture.rawValue, date: date, temporaryFolder: "\(folder)/tmp", progress: { _ in })
            let outcome = try stage.run(context)
            root = if let tree = outcome.tree { tree } else { try editor.finish() }
        }
        try writer.publish()
        guard let root else { throw Failure(.bug, "the recipe has no stage") }
        return root
    }
}
