import Model
import Platform
import Recipes
import Testing

private let head = "name: nightly\nrecipe: web\nregion: us-east-1\n"

private func read(_ text: String) throws(Failure) -> PipelineDocument {
    try PipelineDocument(Array(text.utf8), file: "pipelines/nightly.yaml")
}

private func error(_ text: String) -> [String] {
    let message = failure { () throws(Failure) in try read(text) }
    return message.split(separator: "\n").map { String($0.hasPrefix("pipelines/nightly.yaml:") ? $0.dropFirst(23) : $0) }
}

@Suite("Pipelines")
struct PipelineDocumentTests {
    @Test("the example of docs/documents.md has every gate")
    func gates() throws {
        let text = try DocumentsPage.example(below: "## Gates of channels")
        let pipeline = try PipelineDocument(Array(text.utf8), file: "pipelines/web-nightly.yaml")
        let (staging, prod) = (try ChannelName(parsing: "staging"), try ChannelName(parsing: "prod"))
        #expect(pipeline.promotion.gates[staging] == [.scrubClean])
        let gates = try #require(pipeline.promotion.gates[prod])
        #expect(gates.count == 3 && gates.prefix(2) == [.scrubClean, .maxAge(.days(7))])
        guard case .packages(let gate) = gates.last else {
            Issue.record("the last gate is none of packages")
            return
        }
        #expect(gate.feeds.map(\.path) == ["pipelines/feeds/tracker.json"] && gate.indexes.map(\.path) == ["pipelines/lists"])
        #expect(gate.policy.maximumSeverity == .medium && gate.policy.onlyFixable && gate.policy.maximumAge == .days(7))
        #expect(gate.policy.ignored.map(\.package) == ["gcc-12"] && gate.policy.ignored.first?.until != nil)
    }

    @Test("a pipeline is read with all its fields")
    func full() throws {
        let pipeline = try read(
            head + """
                description: every night
                schedule: {cron: "0 2 * * ? *", timezone: UTC, startCondition: expression-match-only, missedRuns: skip}
                image: {name: "web-{{ version }}-{{ buildDate }}", description: a web server, tags: {Environment: dev}}
                distribution:
                  - {region: us-west-2, schedule: {rate: 12 hours}, name: "dr-{{ version }}", description: a copy, tags: {DR: "true"}}
                  - region: eu-west-1
                promotion: {channels: [dev, staging, prod], gates: {prod: [{maxAge: 7d}]}}
                """)
        #expect(pipeline.name.description == "nightly" && pipeline.recipe.description == "web")
        #expect(pipeline.region.description == "us-east-1" && pipeline.description == "every night")
        let schedule = try #require(pipeline.schedule)
        #expect(schedule.expression.description == "cron(0 2 * * ? *)" && schedule.zone == .utc)
        #expect(schedule.startCondition == .expressionMatchOnly && schedule.missedRuns == .skip)
        #expect(pipeline.image.name.variables == [.version, .buildDate])
        #expect(pipeline.image.description == "a web server" && pipeline.image.tags["Environment"] == "dev")
        #expect(pipeline.distribution.map(\.region.description) == ["us-west-2", "eu-west-1"])
        let copy = pipeline.distribution[0]
        #expect(copy.schedule?.expression.description == "rate(12 hours)" && copy.tags["DR"] == "true")
        #expect(copy.schedule?.startCondition == .expressionMatchOnly)
        #expect(copy.name?.description == "dr-{{ version }}" && copy.description == "a copy")
        #expect(pipeline.promotion.channels.map(\.description) == ["dev", "staging", "prod"])
        #expect(pipeline.promotion.gates == [try ChannelName(parsing: "prod"): [.maxAge(.days(7))]])
    }

    @Test("packages are judged by the fields that a recipe's scan has; paths start at the pipeline's folder")
    func scan() throws {
        let gate = try #require(
            try read(
                head + """
                    scan:
                      packages: {feeds: [f.json, /g.json], indexes: [lists], maximumSeverity: low, fixAvailable: true, maximumAge: 7d,
                                 ignore: [{id: CVE-1, package: a, reason: unused, until: 2030-01-01}]}
                    """
            ).scan)
        #expect(gate.feeds.map(\.path) == ["pipelines/f.json", "/g.json"] && gate.indexes.map(\.path) == ["pipelines/lists"])
        #expect(gate.feeds.map(\.name) == ["f.json", "/g.json"])
        #expect(gate.policy.maximumSeverity == .low && gate.policy.onlyFixable && gate.policy.maximumAge == .days(7))
        #expect(gate.policy.ignored.map(\.reason) == ["unused"] && gate.policy.needsDate)
        #expect(try read(head).scan == nil)
        #expect(error(head + "scan: {packages: {}}\n")[0].contains("neither 'feeds' nor 'indexes'"))
        #expect(error(head + "scan: {}\n")[0].contains("has no 'packages'"))
        #expect(error(head + "scan: {packages: {feeds: [a], maximumSeverity: bad}}\n")[0].contains("maximumSeverity"))
        #expect(error(head + "scan: {packages: {feeds: [a]}, other: 1}\n")[0].contains("other"))
    }

    @Test("old images are deprecated, disabled or deleted by age or by number, and images are shared")
    func lifecycle() throws {
        let pipeline = try read(
            head + """
                image: {launchPermission: {userIds: ["222222222222"], userGroups: [all]}}
                distribution:
                  - region: us-west-2
                    launchPermission:
                      organizationArns: ["arn:aws:organizations::111111111111:organization/o-a1b2c3d4e5"]
                      organizationalUnitArns: ["arn:aws:organizations::111111111111:ou/o-a1b2c3d4e5/ou-ab12-11111111"]
                lifecycle: [{deprecate: {olderThan: 30d}}, {disable: {keep: 5}}, {delete: {olderThan: 90d, retainAtLeast: 3}}]
                """)
        #expect(
            pipeline.lifecycle == [
                LifecycleRule(.deprecate, .olderThan(.days(30), retainAtLeast: 1)), LifecycleRule(.disable, .keep(5)),
                LifecycleRule(.delete, .olderThan(.days(90), retainAtLeast: 3)),
            ])
        #expect(pipeline.image.launchPermissions == [.everyone, .account(try AccountID(parsing: "222222222222"))])
        #expect(pipeline.distribution[0].launchPermissions.map(\.kind.rawValue).sorted() == ["organization", "unit"])
        #expect(try read(head).lifecycle.isEmpty && read(head).image.launchPermissions.isEmpty)
    }

    @Test(
        "rules that say nothing, or two things, are errors",
        arguments: [
            ("lifecycle: [{delete: {}}]", "neither 'olderThan' nor 'keep'"),
            ("lifecycle: [{delete: {olderThan: 1d, keep: 2}}]", "both 'olderThan' and 'keep'"),
            ("lifecycle: [{delete: {keep: 0}}]", "must be 1 to 10000"),
            ("lifecycle: [{delete: {keep: 2, retainAtLeast: 3}}]", "unknown field 'retainAtLeast'"),
            ("lifecycle: [{remove: {keep: 2}}]", "cannot be 'remove'"),
            ("lifecycle: [{delete: {keep: 2}, disable: {keep: 1}}]", "has 2 actions"),
            ("lifecycle: [{delete: {keep: 2}}, {delete: {olderThan: 3d}}]", "two rules to delete"),
            ("image: {launchPermission: {userIds: [dev]}}", "dev"),
            ("image: {launchPermission: {userGroups: [some]}}", "there is no group"),
            ("image: {launchPermission: {users: [x]}}", "unknown field 'users'"),
        ])
    func lifecycleErrors(text: String, message: String) {
        #expect(error(head + text + "\n").contains { $0.contains(message) }, "\(error(head + text))")
    }

    @Test("what may be missing has a default")
    func defaults() throws {
        let pipeline = try read(head + "schedule: {rate: 1 day}\n")
        #expect(pipeline.schedule?.zone == .utc)
        #expect(pipeline.schedule?.startCondition == .dependencyUpdates)
        #expect(pipeline.schedule?.missedRuns == .runOnce)
        #expect(pipeline.image.name.description == "{{ recipe }}-{{ version }}-{{ buildDate }}")
        #expect(pipeline.distribution.isEmpty && pipeline.promotion.channels.isEmpty)
        #expect(try read(head).schedule == nil)
    }

    @Test("cron and rate may stand with their function's name", arguments: ["cron: cron(0 2 * * ? *)", "rate: rate(2 days)"])
    func functionName(text: String) throws { #expect(try read(head + "schedule: {\(text)}\n").schedule != nil) }

    @Test("a schedule runs in its zone from its anchor", .enabled(if: hasZones, "needs the package tzdata"))
    func zone() throws {
        let definition = try #require(try read(head + "schedule: {cron: 0 2 * * ? *, timezone: Asia/Seoul}\n").schedule)
        let anchor = try Instant(parsing: "2026-11-20T00:00:00Z")
        #expect(definition.schedule(anchor: anchor).next(after: anchor)?.description == "2026-11-20T17:00:00Z")
        #expect(
            error(head + "schedule: {cron: 0 2 * * ? *, timezone: Asia/Soul}\n").last == "hint: did you mean 'Asia/Seoul'?")
    }

    @Test(
        "a bad value of a field is refused at its place",
        arguments: [
            ("schedule: daily", "4:11: error: 'schedule' must be a mapping, this is 'daily'"),
            ("schedule: {timezone: UTC}", "4:11: error: 'schedule' has neither 'cron' nor 'rate'"),
            ("schedule: {cron: 0 2 * * ? *, rate: 1 day}", "4:31: error: 'schedule' has both 'cron' and 'rate'"),
            (
                "schedule: {cron: 0 2 * * *}",
                "4:18: error: the schedule \"0 2 * * *\" has 5 fields where a cron expression has six"
            ),
            ("schedule: {rate: 2 day}", "4:18: error: the number and the unit of the schedule rate(2 day) do not agree"),
            (
                "schedule: {cron: rate(1 day)}",
                "4:18: error: the schedule \"rate(1 day)\" has 2 fields where a cron expression has six"
            ),
            ("schedule: {rate: 1 day, missedRuns: all}", "4:37: error: 'missedRuns' cannot be 'all'"),
            ("schedule: {rate: 1 day, startCondition: always}", "4:41: error: 'startCondition' cannot be 'always'"),
            ("schedule: {rate: 1 day, every: 2}", "4:25: error: unknown field 'every' in 'schedule'"),
            ("image: web", "4:8: error: 'image' must be a mapping, this is 'web'"),
            ("image: {name: 'web-{{ versoin }}'}", "4:15: error: there is no variable 'versoin'"),
            ("image: {name: 'web-{{ region }}'}", "4:15: error: every build would have the same image name"),
            ("image: {name: 'web:{{ version }}'}", "4:15: error: \"web:1.0.0\" is not an AMI name"),
            ("image: {encrypted: true}", "4:9: error: unknown field 'encrypted' in 'image'"),
            ("image: {tags: {aws:a: b}}", "4:16: error: the tag key \"aws:a\" begins with aws:, which AWS keeps for itself"),
            ("distribution: [{name: 'a-{{ version }}'}]", "4:16: error: an entry of 'distribution' has no 'region'"),
            ("distribution: [{region: us-west-3}]", "4:25: error: there is no region 'us-west-3'"),
            ("distribution: [{region: us-east-1}]", "4:25: error: the image is built in us-east-1: it needs no copy there"),
            ("distribution: [{region: us-west-2}, {region: us-west-2}]", "4:46: error: the region us-west-2 is listed twice"),
            (
                "distribution: [{region: us-west-2, schedule: {rate: 1 day, startCondition: expression-match-only}}]",
                "4:60: error: unknown field 'startCondition' in 'schedule'"
            ),
            (
                "distribution: [{region: us-west-2, targetAccountIds: x}]",
                "4:36: error: unknown field 'targetAccountIds' in an entry of 'distribution'"
            ),
            ("promotion: {}", "4:12: error: 'promotion' has no 'channels'"),
            ("promotion: {channels: [Dev]}", "4:24: error: \"Dev\" is not a channel name"),
            ("promotion: {channels: [dev, dev]}", "4:29: error: the channel dev is listed twice"),
            ("promotion: {channels: [dev], gates: {prod: []}}", "4:38: error: there is no channel 'prod'"),
            ("promotion: {channels: [dev], gates: {dev: [{maxAge: 7}]}}", "4:53: error: cannot read \"7\" as a length of time"),
            ("promotion: {channels: [dev], gates: {dev: [tests]}}", "4:44: error: an entry of 'dev' cannot be 'tests'"),
            (
                "promotion: {channels: [dev], gates: {dev: [{approvals: 2}]}}",
                "4:44: error: an entry of 'dev' has none of 'maxAge' and 'packages'"
            ),
            (
                "promotion: {channels: [dev], gates: {dev: [{maxAge: 7d, packages: {feeds: [a]}}]}}",
                "4:44: error: an entry of 'dev' has two gates in one"
            ),
            (
                "promotion: {channels: [dev], gates: {dev: [{packages: {}}]}}",
                "4:45: error: 'packages' has neither 'feeds' nor 'indexes' to judge packages by"
            ),
            ("lifecycles: []", "4:1: error: unknown field 'lifecycles' in the pipeline"),
        ])
    func badValue(line: String, message: String) { #expect(error(head + line + "\n").first == message) }

    @Test("a region that does not exist is refused with a suggestion")
    func unknownRegion() {
        #expect(
            error("name: nightly\nrecipe: web\nregion: us-esat-1\n") == [
                "3:9: error: there is no region 'us-esat-1'", "region: us-esat-1", "        ^", "hint: did you mean 'us-east-1'?",
            ])
    }

    @Test("every missing field is told")
    func missing() {
        let lines = error("name: nightly\n").filter { $0.contains("error") }
        #expect(lines == ["1:1: error: the pipeline has no 'recipe'", "1:1: error: the pipeline has no 'region'"])
    }

    @Test("two wrong variables of one name are both told")
    func twoVariables() {
        let lines = error(head + "image: {name: '{{ a }}-{{ b }}'}\n").filter { $0.contains("error") }
        #expect(lines == ["4:15: error: there is no variable 'a'", "4:15: error: there is no variable 'b'"])
    }
}
