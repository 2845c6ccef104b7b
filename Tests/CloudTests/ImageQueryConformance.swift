import Cloud
import Crypto
import Model
import Platform
import TestSupport
import Testing

@Suite("finding images of a plane by EC2's filters")
struct ImageQueryConformance {
    @Test(
        "owners, executable-by and filters narrow, each value one more chance, each filter one more condition",
        arguments: PlaneUnderTest.forAccounts)
    func query(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let a = try world.image("web-1", tags: [Tag(key: "Team", value: "a"), Tag(key: "Stage", value: "dev")])
            let b = try world.image("web-2", of: "amazon")
            let c = try world.image("db-1", of: "cousin", tags: [Tag(key: "Team", value: "a")])
            let amazon = try world.actions("amazon")
            try amazon.blockPublicAccessToImages(false)
            try amazon.changeLaunchPermissions(of: b, adding: [.everyone], removing: [])
            try world.actions("cousin").changeLaunchPermissions(
                of: c, adding: [.organization(name(PlaneWorld.organization))], removing: [])
            let cases: [(ImageQuery, [ImageID])] = [
                (ImageQuery(), [a, b, c]), (ImageQuery(owners: [.own]), [a]), (ImageQuery(owners: [.alias(.amazon)]), [b]),
                (ImageQuery(owners: [.own, .account(try PlaneWorld.id("cousin"))]), [a, c]),
                (ImageQuery(executableBy: [.own]), [c]), (ImageQuery(executableBy: [.everyone]), [b]),
                (ImageQuery(executableBy: [.account(try PlaneWorld.id("owner"))]), [c]),
                (ImageQuery(executableBy: [.account(try PlaneWorld.id("stranger"))]), []),
                (ImageQuery(filters: [ResourceFilter("name", ["web-*"])]), [a, b]),
                (ImageQuery(filters: [ResourceFilter("name", ["web-1", "db-?"])]), [a, c]),
                (ImageQuery(filters: [ResourceFilter("name", ["web\\*"])]), []),
                (ImageQuery(filters: [ResourceFilter("name", ["WEB-1"])]), []),
                (ImageQuery(filters: [ResourceFilter("name", [])]), []),
                (ImageQuery(filters: [ResourceFilter("name", ["web-*"]), ResourceFilter("is-public", ["true"])]), [b]),
                (ImageQuery(filters: [ResourceFilter("tag:Team", ["a"])]), [a]),
                (ImageQuery(filters: [ResourceFilter("tag-key", ["Sta*"])]), [a]),
                (ImageQuery(filters: [ResourceFilter("owner-alias", ["amazon"])]), [b]),
                (ImageQuery(filters: [ResourceFilter("state", ["available"])]), [a, b, c]),
                (ImageQuery(filters: [ResourceFilter("creation-date", ["2026-11-18T*"])]), [a, b, c]),
                (ImageQuery(filters: [ResourceFilter("block-device-mapping.volume-size", ["8"])]), [a, b, c]),
                (ImageQuery(filters: [ResourceFilter("platform", ["windows"])]), []),
                (ImageQuery(ids: [c, a, c], filters: [ResourceFilter("owner-id", ["111111111111"])]), [a]),
            ]
            for (query, expected) in cases { #expect(try world.ids("owner", query) == expected, "\(query)") }
            let unknown = refusal { _ = try world.ids("owner", ImageQuery(filters: [ResourceFilter("colour", ["red"])])) }
            #expect(unknown == PlaneError(.invalidParameterValue, "The filter 'colour' is invalid"))
        }
    }

    @Test(
        "pages follow each other without gaps and repeats, also where images come and go in between",
        arguments: PlaneUnderTest.forAccounts)
    func pages(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            var expected: [ImageID] = []
            for number in 0..<11 { expected.append(try world.image("image-\(number)")) }
            var seen: [ImageID] = []
            var query = ImageQuery(limit: 5)
            repeat {
                query.after = try world.actions().describeImages(query) { seen.append($0.image.id) }
                if seen.count == 5 { try world.actions().deregisterImage(seen[0], deletingSnapshots: true) }
            } while query.after != nil
            #expect(seen == expected)
            query = ImageQuery(limit: 10)
            #expect(try world.actions().describeImages(query) { _ in } == nil, "a full last page has none behind it")
        }
    }

    @Test(
        "what narrows by index leaves nothing out: every filter with every value that some image has",
        arguments: PlaneUnderTest.forAccounts)
    func nothingLeftOut(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let base = try world.image("base", tags: [Tag(key: "Quote\"s", value: "a\\b"), Tag(key: "Team", value: "ä")])
            _ = try world.actions().copyImage(ImageCopying(name: "copy", sourceRegion: name("us-east-1"), source: base))
            _ = try world.image("other", tags: [Tag(key: "Team", value: "b*")])
            let all = try world.actions().describeImages(ImageQuery())
            let facts: [(String, (ImageRecord) -> [String])] = [
                ("image-id", { [$0.id.description] }), ("name", { [$0.name.description] }),
                ("owner-id", { [$0.owner.description] }),
                ("source-image-id", { $0.source.map { [$0.image.description] } ?? [] }),
                ("block-device-mapping.snapshot-id", { $0.volumes.compactMap { $0.snapshot?.description } }),
                ("tag-key", { $0.tags.map(\.key) }), ("tag:Team", { $0.tags["Team"].map { [$0] } ?? [] }),
                ("tag:Quote\"s", { $0.tags["Quote\"s"].map { [$0] } ?? [] }),
            ]
            for (filter, values) in facts {
                for value in Set(all.flatMap { values($0.image) }) {
                    let escaped = value.map { "*?\\".contains($0) ? "\\\($0)" : String($0) }.joined()
                    let expected = all.filter { values($0.image).contains(value) }.map(\.image.id)
                    let found = try world.ids("owner", ImageQuery(filters: [ResourceFilter(filter, [escaped])]))
                    #expect(found == expected && !found.isEmpty, "\(filter) = \(value)")
                }
            }
        }
    }

    @Test("images that were read are read anew once anybody has changed them", arguments: PlaneUnderTest.forAccounts)
    func freshness(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let image = try world.image("web")
            let read = { try world.actions().describeImages(ImageQuery(ids: [image])).first?.image.description }
            #expect(try read() == "a test image")
            try world.actions().setDescription("mine", of: image)
            #expect(try read() == "mine")
            try world.region().tag(.image(image), with: TagSet([Tag(key: "a", value: "b")]))
            #expect(try world.actions().describeImages(ImageQuery(ids: [image])).first?.image.tags.count == 1)
        }
    }
}

@Suite("the embedded plane's cache and filters")
struct EmbeddedQueryTests {
    @Test("another process's changes are seen")
    func otherProcess() throws {
        try withTemporaryFolder { folder in
            let clock = TestEnvironment(at: noon)
            let settings = try PlaneWorld.settings()
            let make = { EmbeddedPlane(folder: folder, environment: .system(), settings: settings) }
            let world = PlaneWorld(plane: make(), clock: clock)
            let other = PlaneWorld(plane: make(), clock: clock)
            let image = try world.image("web")
            for text in ["one", "two"] {
                try other.actions().setDescription(text, of: image)
                #expect(try world.actions().describeImages(ImageQuery(ids: [image])).map(\.image.description) == [text])
            }
        }
    }

    @Test(
        "the filters of images, snapshots and volumes are those that botocore's model of EC2 names",
        .enabled(if: Self.hasBotocore, "needs botocore: pip install botocore"))
    func filterNames() throws {
        let script = """
            import re, botocore.session
            model = botocore.session.get_session().get_service_model('ec2')
            for name in ['DescribeImages', 'DescribeSnapshots', 'DescribeVolumes']:
                text = model.operation_model(name).input_shape.members['Filters'].documentation
                print(name, *sorted(set(n for n in re.findall(r'<li> <p> ?<code>([a-z0-9.:<>-]+)</code> ?[-–]', text))))
            """
        for line in try Python.run(script).split(separator: "\n") {
            let words = line.split(separator: " ").map { String($0) }
            let wanted = words.dropFirst().filter { !$0.hasPrefix("tag:") && !Self.severities.contains($0) }
            try #require(wanted.count > 10)
            for filter in wanted {
                try withTemporaryFolder { folder in
                    let world = PlaneWorld(
                        plane: EmbeddedPlane(folder: folder, environment: .system(), settings: try PlaneWorld.settings()),
                        clock: TestEnvironment(at: noon))
                    let filters = [ResourceFilter(filter, ["x"])]
                    switch words[0] {
                    case "DescribeImages": _ = try world.actions().describeImages(ImageQuery(filters: filters))
                    case "DescribeSnapshots": _ = try world.actions().describeSnapshots(SnapshotQuery(filters: filters))
                    default: _ = try world.actions().describeVolumes(VolumeQuery(filters: filters))
                    }
                }
            }
        }
    }

    /// Values of `highest-finding-severity-label`, which the page lists like filters.
    private static let severities: Set<String> = ["informational", "low", "medium", "high", "critical"]
    private static let hasBotocore = (try? Python.run("import botocore")) == ""
}
