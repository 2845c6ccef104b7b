import Cloud
import Ledger
import Model
import Orchestration
import Platform
import TestSupport
import Testing

/// One change of what a build depends on, and what the build must say of it.
struct InputChange: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (Fixture) throws -> Void
    /// The reasons of the stages that must run, as they must be.
    let reasons: [String: [String]]

    static let stages = """
        - files: [{copy: {from: motd, to: /etc/motd}}, {write: {path: /etc/name, text: web, mode: "0644"}}]
        - scrub: {profile: small}
        - validate: {files: [{path: /etc/name}]}
        """

    static let profile = """
        name: small
        operations:
          - id: histories
            title: Shell histories
            group: E
            action: delete
            paths: [/root/.bash_history]
            reason: they hold what people typed
        """

    init(_ name: String, _ reasons: [String: [String]], _ change: @escaping @Sendable (Fixture) throws -> Void) {
        testDescription = name
        self.reasons = reasons
        self.change = change
    }

    /// The recipe with one text replaced by another.
    init(_ name: String, _ old: String, _ new: String, _ reasons: [String: [String]]) {
        self.init(name, reasons) { try $0.recipe(Self.stages.replacingOnce(old, with: new)) }
    }
}

@Suite struct ReasonTests {
    static let tree = "the tree it starts from changed from # to #"

    static let changes: [InputChange] = [
        InputChange(
            "a value of an option", "text: web", "text: db",
            [
                "files": ["option [1].write.text changed from 'web' to 'db'"], "scrub": [tree], "validate": [tree],
            ]),
        InputChange(
            "a mode", "0644", "0600",
            [
                "files": ["option [1].write.mode changed from '0644' to '0600'"], "scrub": [tree], "validate": [tree],
            ]),
        InputChange(
            "a new option", "text: web,", "text: web, owner: \"7\",",
            [
                "files": ["option [1].write.owner is new: '7'"], "scrub": [tree], "validate": [tree],
            ]),
        InputChange(
            "an option that is gone", ", mode: \"0644\"", "",
            [
                "files": ["option [1].write.mode is gone: it was '0644'"]
            ]),
        InputChange(
            "a new action", "0644\"}}", "0644\"}}, {mkdir: {path: /srv}}",
            [
                "files": ["option [2].mkdir.path is new: '/srv'"], "scrub": [tree], "validate": [tree],
            ]),
        InputChange(
            "a long text that differs in its second line",
            [
                "files": ["option [1].write.text changed from 'web' to 'web…'"], "scrub": [tree], "validate": [tree],
            ]
        ) { try $0.recipe(InputChange.stages.replacingOnce("text: web", with: "text: \"web\\nmore\"")) },
        InputChange(
            "an assertion", "path: /etc/name}]", "path: /etc/motd}]",
            [
                "validate": ["option files[0].path changed from '/etc/name' to '/etc/motd'"]
            ]),
        InputChange(
            "the contents of a copied file",
            [
                "files": ["file motd changed from # to #"], "scrub": [tree], "validate": [tree],
            ]
        ) { try $0.write("recipes/motd", "good evening\n") },
        InputChange(
            "the execute bit of a copied file",
            [
                "files": ["file motd changed from # to # executable"], "scrub": [tree], "validate": [tree],
            ]
        ) { try $0.write("recipes/motd", "good day\n", permissions: 0o755) },
        InputChange(
            "another name for the copied file",
            [
                "files": [
                    "option [0].copy.from changed from 'motd' to 'issue'", "file issue is new: #", "file motd is gone: it was #",
                ]
            ]
        ) { fixture in
            try fixture.write("recipes/issue", "good day\n")
            try fixture.recipe(InputChange.stages.replacingOnce("from: motd", with: "from: issue"))
        },
        InputChange(
            "a profile that takes away more",
            [
                "scrub": ["profile scrub-small changed from # to #"], "validate": ["profile scrub-small changed from # to #"],
            ]
        ) {
            try $0.write("recipes/profiles/scrub-small.yaml", InputChange.profile.replacingOnce("[/root", with: "[/var/x, /root"))
        },
        InputChange(
            "an option of a scrub", "profile: small", "profile: small, skip: [{operation: histories, because: why not}]",
            [
                "scrub": ["option skip[0].because is new: 'why not'", "option skip[0].operation is new: 'histories'"],
                "validate": ["options of scrub changed from # to #"],
            ]),
        InputChange("a stage at the end", ["files-2": ["it has not been built before"]]) {
            try $0.recipe(InputChange.stages + "\n- files: [{mkdir: {path: /srv}}]")
        },
        InputChange("a stage before the last", ["files-2": ["it has not been built before"], "validate": [tree]]) {
            try $0.recipe(
                InputChange.stages.replacingOnce("- validate", with: "- files: [{mkdir: {path: /srv}}]\n- validate"))
        },
        InputChange("a stage less at the end", [:]) {
            try $0.recipe(InputChange.stages.replacingOnce("- validate: {files: [{path: /etc/name}]}", with: ""))
        },
        InputChange(
            "a scrub less", ["validate": ["options of scrub is gone: it was #", "profile scrub-small is gone: it was #"]]
        ) {
            try $0.recipe(InputChange.stages.replacingOnce("- scrub: {profile: small}\n", with: ""))
        },
        // A scrub of nothing is nothing, so that the next stage starts from the tree that it knows.
        InputChange("another order", ["scrub": [tree]]) { fixture in
            let lines = InputChange.stages.split(separator: "\n").map(String.init)
            try fixture.recipe([lines[1], lines[0], lines[2]].joined(separator: "\n"))
        },
        InputChange(
            "a date",
            [
                "files": ["sourceDate is new: 2026-01-01T00:00:00Z", tree],
                "scrub": ["sourceDate is new: 2026-01-01T00:00:00Z", tree],
                "validate": ["sourceDate is new: 2026-01-01T00:00:00Z", tree],
            ]
        ) { try $0.recipe(InputChange.stages, fields: "sourceDate: 2026-01-01T00:00:00Z") },
        InputChange(
            "an architecture",
            [
                "files": ["the architecture changed from x86_64 to arm64"],
                "scrub": ["the architecture changed from x86_64 to arm64"],
                "validate": ["the architecture changed from x86_64 to arm64"],
            ]
        ) { try $0.recipe(InputChange.stages, fields: "architecture: arm64") },
        InputChange("tags", [:]) { try $0.recipe(InputChange.stages, fields: "tags: {Team: web}") },
        InputChange("a description", [:]) { try $0.recipe(InputChange.stages, fields: "description: a server") },
        InputChange("volumes", [:]) {
            try $0.recipe(InputChange.stages, fields: "blockDeviceMappings: [{deviceName: /dev/xvda, ebs: {volumeSize: 20}}]")
        },
        InputChange("the version's pattern", [:]) { try $0.recipe(InputChange.stages, version: "2.x.0") },
        InputChange("comments and form", [:]) {
            try $0.recipe(
                "# a comment\n"
                    + InputChange.stages.replacingOnce("text: web, mode: \"0644\"", with: "mode: '0644',    text: 'web'"))
        },
    ]

    @Test("the reason names the input that changed, from what to what, and no other", arguments: changes)
    func reason(_ change: InputChange) throws {
        try Fixture.with { fixture in
            try fixture.write("recipes/motd", "good day\n")
            try fixture.write("recipes/profiles/scrub-small.yaml", InputChange.profile)
            try fixture.recipe(InputChange.stages)
            try fixture.pipeline()
            try fixture.build()
            try change.change(fixture)
            let outcome = try fixture.build()
            #expect(outcome.reasons.mapValues { $0.map(Self.withoutDigests) } == change.reasons)
            let steps = try fixture.workspace().ledger.steps(of: outcome.build.id)
            for step in steps where step.outcome == .hit { #expect(step.reason == "nothing it depends on changed") }
        }
    }

    @Test("a change of the parent image is named", arguments: [true, false])
    func parent(sameTree: Bool) throws {
        try Fixture.with { fixture in
            try fixture.recipe("- files: [{write: {path: /base, text: one}}]", name: "base")
            try fixture.recipe(Fixture.three, parent: "base")
            try fixture.pipeline()
            try fixture.pipeline(name: "base-nightly", recipe: "base")
            try fixture.build("base-nightly")
            let first = try fixture.build()
            let text = sameTree ? "text: one" : "text: two"
            try fixture.recipe("- files: [{write: {path: /base, \(text)}}]", name: "base", fields: "tags: {New: yes}")
            #expect(try fixture.build("base-nightly").sealed.isNew)
            let outcome = try fixture.build()
            let expected = ["files", "files-2", "files-3"].map { ($0, [Self.tree]) }
            let said = outcome.reasons.mapValues { $0.map(Self.withoutDigests) }
            #expect(said == (sameTree ? [:] : Dictionary(expected, uniquingKeysWith: { first, _ in first })))
            #expect(outcome.sealed.isNew == !sameTree)
            #expect(first.sealed.image.tags["ingot:base-image"] == "base/1.0.0/1")
            #expect(outcome.sealed.image.tags["ingot:base-image"] == (sameTree ? "base/1.0.0/1" : "base/1.0.1/1"))
        }
    }

    @Test(
        "a change beside the tree makes a new version without running a stage",
        arguments: [
            ("tags: {Team: web}", "1.0.1/1"), ("description: a server", "1.0.1/1"),
            ("blockDeviceMappings: [{deviceName: /dev/xvda, ebs: {volumeSize: 20}}]", "1.0.1/1"),
        ])
    func properties(fields: String, version: String) throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline()
            try fixture.build()
            for (fields, version) in [(fields, version), ("", "1.0.2/1")] {
                fixture.test.advance(.minutes(1))
                try fixture.recipe(Fixture.three, fields: fields)
                let outcome = try fixture.build()
                #expect(outcome.ran.isEmpty && outcome.sealed.isNew)
                #expect(outcome.version == version)
                #expect(try !fixture.build().sealed.isNew)
            }
        }
    }

    @Test("tags that somebody added to an image make no new version, also where an edit gave the same tree")
    func addedTags() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline()
            let workspace = try fixture.workspace()
            let image = try fixture.build(in: workspace).sealed.image
            try fixture.region(of: workspace).tag(.image(image.id), with: TagSet([Tag(key: "Seen", value: "yes")]))
            #expect(try !fixture.build(in: workspace).sealed.isNew)
        }
    }

    @Test("another pattern gives the version that it asks for, once")
    func patterns() throws {
        try Fixture.with { fixture in
            try fixture.pipeline()
            let wanted = [
                ("1.0.x", "1.0.0/1"), ("2.x.0", "2.0.0/1"), ("1.0.x", "1.0.0/1"), ("1.5.0", "1.5.0/1"), ("1.5.0", "1.5.0/1"),
            ]
            for (pattern, version) in wanted {
                fixture.test.advance(.minutes(1))
                try fixture.recipe(Fixture.three, version: pattern)
                #expect(try fixture.build().version == version)
            }
            #expect(try fixture.images(of: fixture.workspace()).count == 3)
        }
    }

    /// Short digests as `#`.
    static func withoutDigests(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            let bare = word.drop { $0 == "'" }
            let digits = bare.prefix { $0.isHexDigit }
            guard digits.count >= 12 else { return String(word) }
            return (word.hasPrefix("'") ? "'" : "") + "#" + bare.dropFirst(digits.count)
        }.joined(separator: " ")
    }
}

private typealias Tag = Model.Tag
