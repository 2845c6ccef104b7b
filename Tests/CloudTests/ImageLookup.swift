import Cloud
import Crypto
import Model
import Testing

@Suite("finding images of a plane")
struct ImageLookup {
    @Test("the latest image is the available one of the highest version, by number", arguments: PlaneUnderTest.forPipelines)
    func latest(on plane: PlaneUnderTest) throws {
        try plane.with { _, region in
            for version in ["1.9.0/1", "1.10.0/1", "1.10.0/2", "2.0.0/1"] {
                _ = try region.add(newImage("web-\(version)", release: "web/\(version)"))
            }
            let highest = try #require(try region.latest(of: name("web"), .any))
            #expect(highest.release?.version.description == "2.0.0/1")
            _ = try region.disable(highest.id)
            _ = try region.registerPending(newImage("pending", release: "web/3.0.0/1"))
            #expect(try region.latest(of: name("web"), .any)?.release?.version.description == "1.10.0/2")
            #expect(try region.latest(of: name("web"), name("1.9.x"))?.release?.version.description == "1.9.0/1")
            #expect(try region.latest(of: name("web"), name("4.x.x")) == nil)
            #expect(try region.latest(of: name("other"), .any) == nil)
        }
    }

    @Test("a word means an id, a name, or a recipe with or without a version", arguments: PlaneUnderTest.forPipelines)
    func resolve(on plane: PlaneUnderTest) throws {
        try plane.with { _, region in
            let old = try region.add(newImage("web-server-1.0.0", release: "web-server/1.0.0/1"))
            let new = try region.add(newImage("web-server-1.1.0", release: "web-server/1.1.0/1"))
            #expect(try region.resolve(old.id.description) == old)
            #expect(try region.resolve("web-server-1.0.0") == old)
            #expect(try region.resolve("web-server") == new)
            #expect(try region.resolve("web-server/1.0.x") == old)
            #expect(try region.resolve("web-server/1.0.0/1") == old)
            let missing = failure { _ = try region.resolve("web-srver") }
            #expect(missing?.code == .notFound)
            #expect(missing?.hint == "did you mean 'web-server'?")
            #expect(failure { _ = try region.resolve("web-server/9.x.x") }?.code == .notFound)
            #expect(failure { _ = try region.resolve("ami-00000000000000000") }?.code == .notFound)
        }
    }

    @Test("filters narrow by id, recipe, state, content, source and tags, oldest first", arguments: PlaneUnderTest.forPipelines)
    func filters(on plane: PlaneUnderTest) throws {
        try plane.with { _, region in
            let source = ImageSource(region: try name("eu-west-1"), image: ImageID(random: [1, 2, 3, 4, 5, 6, 7, 8]))
            let late = try newImage("late", release: "web/1.0.0/2", created: noon.adding(seconds: 5), source: source)
            let b = try region.registerPending(late).id
            let tags = try [Tag(key: "Team", value: "x"), Tag(key: "Stage", value: "dev")]
            let a = try region.add(newImage("early", release: "web/1.0.0/1", tags: tags), content: "early").id
            let c = try region.add(newImage("other", created: noon.adding(seconds: 9), tags: [tags[0]]), content: "other").id
            let ids = { (filter: ImageFilter) in try region.images(filter).map(\.id) }
            #expect(try ids(ImageFilter()) == [a, b, c])
            #expect(try ids(ImageFilter(ids: [c, a])) == [a, c])
            #expect(try ids(ImageFilter(ids: [])) == [])
            #expect(try ids(ImageFilter(recipe: name("web"))) == [a, b])
            #expect(try ids(ImageFilter(states: [.available])) == [a, c])
            #expect(try ids(ImageFilter(root: digest("other"))) == [c])
            #expect(try ids(ImageFilter(source: source)) == [b])
            #expect(try ids(ImageFilter(tags: [tags[0]])) == [a, c])
            #expect(try ids(ImageFilter(tags: tags)) == [a])
            #expect(try ids(ImageFilter(tags: [Tag(key: "Team", value: "y")])) == [])
        }
    }

    @Test(
        "tags are added, replaced and removed, on images and snapshots, and only on what exists",
        arguments: PlaneUnderTest.forPipelines)
    func tags(on plane: PlaneUnderTest) throws {
        try plane.with { _, region in
            let image = try region.add(newImage("web", tags: [Tag(key: "a", value: "1"), Tag(key: "b", value: "2")]))
            let snapshot = try #require(image.volumes[0].snapshot)
            try region.tag(.image(image.id), with: TagSet([Tag(key: "b", value: "3"), Tag(key: "c", value: "4")]))
            try region.untag(.image(image.id), keys: ["a", "zzz"])
            try region.untag(.snapshot(snapshot), keys: ["a"])
            #expect(try region.image(image.id).tags == TagSet([Tag(key: "b", value: "3"), Tag(key: "c", value: "4")]))
            #expect(try region.snapshots([snapshot]).first?.tags == TagSet([Tag(key: "b", value: "2")]))
            let many = try TagSet((0..<50).map { try Tag(key: "key\($0)", value: "") })
            #expect(failure { try region.tag(.image(image.id), with: many) }?.code == .invalid)
            let unknown = SnapshotID(random: [9, 9, 9, 9, 9, 9, 9, 9])
            #expect(failure { try region.tag(.snapshot(unknown), with: TagSet()) }?.code == .notFound)
        }
    }
}
