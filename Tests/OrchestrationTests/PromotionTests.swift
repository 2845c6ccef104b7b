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

@Suite struct PromotionTests {
    private func versions(_ workspace: Workspace) throws -> [String: String] {
        let moves = try workspace.ledger.channels()
        return Dictionary(
            moves.map { ($0.channel.description, $0.to.version.description) }, uniquingKeysWith: { first, _ in first })
    }

    private func build(_ fixture: Fixture, _ text: String, _ workspace: Workspace) throws {
        fixture.test.advance(.minutes(1))
        try fixture.recipe("- files: [{write: {path: /a, text: \(text)}}]")
        try fixture.build(in: workspace)
    }

    @Test("a build fills the first channel; each other takes what the one before it has; history keeps all moves")
    func order() throws {
        try Fixture.with { fixture in
            try fixture.pipeline("promotion: {channels: [dev, staging, prod]}")
            let workspace = try fixture.workspace()
            try build(fixture, "one", workspace)
            #expect(try versions(workspace) == ["dev": "1.0.0/1"])
            failure(.notFound) { try fixture.promote("prod", nil, in: workspace) }
            failure(.notFound) { try fixture.promote("production", nil, in: workspace) }
            try fixture.promote("staging", nil, in: workspace)
            try build(fixture, "two", workspace)
            try fixture.promote("prod", nil, in: workspace)
            #expect(try versions(workspace) == ["dev": "1.0.1/1", "staging": "1.0.0/1", "prod": "1.0.0/1"])
            failure(.conflict) { try fixture.promote("prod", nil, in: workspace) }
            let moves = try workspace.ledger.history(of: ResourceName(parsing: "web"), ChannelName(parsing: "dev"))
            #expect(moves.map(\.to.version.description) == ["1.0.1/1", "1.0.0/1"])
            #expect(moves.map(\.actor) == ["pipeline nightly", "pipeline nightly"])
        }
    }

    @Test("a channel goes back by version, and an unchanged build does not move it forward again; a new one does")
    func rollback() throws {
        try Fixture.with { fixture in
            try fixture.pipeline("promotion: {channels: [dev]}")
            let workspace = try fixture.workspace()
            try build(fixture, "one", workspace)
            try build(fixture, "two", workspace)
            let move = try fixture.promote("dev", "1.0.0", in: workspace)
            #expect(move.from?.version.description == "1.0.1/1" && move.actor == "alice" && move.reason == "tried")
            try build(fixture, "two", workspace)
            #expect(try versions(workspace) == ["dev": "1.0.0/1"])
            failure(.notFound) { try fixture.promote("dev", "3.x.x", in: workspace) }
            try build(fixture, "three", workspace)
            #expect(try versions(workspace) == ["dev": "1.0.2/1"])
        }
    }

    @Test("the gate maxAge lets an image through until it is that old, to the second")
    func maxAge() throws {
        try Fixture.with { fixture in
            try fixture.pipeline("promotion: {channels: [dev, prod], gates: {prod: [{maxAge: 7d}]}}")
            let workspace = try fixture.workspace()
            try build(fixture, "one", workspace)
            let built = fixture.test.now
            fixture.test.now = built + .days(7) + TimeSpan(seconds: 1)
            let error = failure(.failed) { try fixture.promote("prod", nil, in: workspace) }
            #expect(error?.message.contains("more than 7d ago") == true)
            #expect(try versions(workspace) == ["dev": "1.0.0/1"])
            fixture.test.now = built + .days(7)
            try fixture.promote("prod", nil, in: workspace)
            #expect(try versions(workspace)["prod"] == "1.0.0/1")
        }
    }
}
