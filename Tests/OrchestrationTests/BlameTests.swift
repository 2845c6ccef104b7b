import Cloud
import Crypto
import ImageStore
import Ledger
import Model
import Orchestration
import Platform
import Recipes
import TestSupport
import Testing

@Suite struct BlameTests {
    /// A base image of two stages, and a server on it.
    private func prepare(_ fixture: Fixture, _ workspace: Workspace) throws -> (base: Builder.Outcome, web: Builder.Outcome) {
        try fixture.recipe(
            """
            - files: [{write: {path: /etc/base, text: base}}, {write: {path: /etc/both, text: base}}, {symlink: {path: /link, target: etc}}]
            - files: [{mkdir: {path: /srv/data}}]
            """, name: "base")
        try fixture.pipeline(name: "base", recipe: "base")
        try fixture.recipe(
            """
            - files: [{write: {path: /etc/both, text: one}}, {write: {path: /a, text: a}}]
            - files: [{append: {path: /etc/both, text: two}}, {remove: {path: /a}}, {permissions: {path: /srv/data, mode: "0700"}}]
            - files: [{write: {path: /a, text: a}}, {write: {path: /srv/data/file, text: x}}]
            """, parent: "base")
        try fixture.pipeline("distribution: [{region: us-west-2}]")
        return (try fixture.build("base", in: workspace), try fixture.build(in: workspace))
    }

    @Test(
        "the stage, build and image that gave a path its form are found, in the image's build or its parent's",
        arguments: [
            ("/etc/base", "base", "files", false), ("/etc/both", "web", "files-2", true), ("/a", "web", "files-3", false),
            ("/srv/data", "web", "files-2", true), ("/srv", "base", "files-2", false),
            ("/srv/data/file", "web", "files-3", false),
            ("/link", "base", "files", false), ("/link/both", "web", "files-2", true),
        ])
    func origins(path: String, recipe: String, stage: String, hasBefore: Bool) throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let (base, web) = try prepare(fixture, workspace)
            // A later build that changes nothing takes no blame.
            try fixture.build(in: workspace)
            let copy = try #require(try fixture.images("us-west-2", of: workspace).first)
            for image in [web.sealed.image, copy] {
                let origin = try Blame(workspace).origin(of: TreePath(parsing: path), in: image)
                let outcome = recipe == "base" ? base : web
                #expect(origin.image?.id == outcome.sealed.image.id && origin.build == outcome.build.id)
                #expect(origin.stage == stage && (origin.before != nil) == hasBefore)
            }
        }
    }

    @Test("what came with an import is an import's, and a path that is not there is not found")
    func imports() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            try fixture.write("root/etc/name", "imported\n")
            let region = try workspace.plane.makeRegion(try RegionName(parsing: "us-east-1"))
            let importer = Importer(workspace, region: region)
            let name = try ResourceName(parsing: "base")
            let version = try VersionPattern(parsing: "12.x.0")
            let (_, sealed) = try importer.run("\(fixture.folder)/root", as: name, version: version, tags: TagSet())
            try fixture.recipe("- files: [{write: {path: /new, text: x}}]", parent: "base")
            try fixture.pipeline()
            let image = try fixture.build(in: workspace).sealed.image
            let blame = Blame(workspace)
            let old = try blame.origin(of: "/etc/name", in: image)
            #expect(old.image?.id == sealed.image.id && old.build == nil && old.stage == nil)
            #expect(try blame.origin(of: "/new", in: image).stage == "files")
            failure(.notFound) { _ = try blame.origin(of: "/nothing", in: image) }
            // The same tree under another file's name is the same image.
            try Files.rename("\(fixture.folder)/root", to: "\(fixture.folder)/other")
            let again = try importer.run("\(fixture.folder)/other", as: name, version: version, tags: TagSet()).1
            #expect(!again.isNew && again.image.id == sealed.image.id)
        }
    }

    @Test("a parent that is a file takes no stage's place")
    func parentFile() throws {
        try Fixture.with { fixture in
            try fixture.write("recipes/root/etc/name", "imported\n")
            try fixture.recipe(Fixture.three, parent: "file:root")
            try fixture.pipeline()
            let workspace = try fixture.workspace()
            let image = try fixture.build(in: workspace).sealed.image
            #expect(try Blame(workspace).origin(of: "/etc/name", in: image).stage == nil)
            #expect(try Blame(workspace).origin(of: "/b", in: image).stage == "files-2")
        }
    }

    @Test("where trees between stages were collected, the stages that may have done it are named")
    func collected() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let (_, web) = try prepare(fixture, workspace)
            fixture.test.advance(.days(90))
            _ = try Maintenance(workspace).collect(keep: .days(30), dryRun: false)
            let fresh = try fixture.workspace()
            let origin = try Blame(fresh).origin(of: "/a", in: web.sealed.image)
            #expect(origin.stage == "files or files-2 or files-3" && origin.build == web.build.id)
            #expect(try Blame(fresh).origin(of: "/etc/base", in: web.sealed.image).image?.release?.recipe.description == "base")
        }
    }
}
