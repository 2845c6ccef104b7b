import API
import Cloud
import HTTPServer
import Model
import TestSupport
import Testing

@Suite struct ResetTests {
    @Test("a reset forgets images and parameters of all regions, and pages in browsers cannot ask for it")
    func reset() throws {
        try EndpointFixture.run { fixture in
            let regions = ["us-east-1", "eu-west-1"]
            for region in regions { try fixture.image("gone", in: region, tags: [("Team", "x")]) }
            let parameters = try fixture.plane.makeRegion(RegionName(parsing: "us-east-1")).parameters
            _ = try parameters.put(
                NewParameter(ParameterName(parsing: "/web/port"), "80", user: "tester"), at: Instant(seconds: 0))
            func images() throws -> Int {
                try regions.map { try fixture.plane.region(RegionName(parsing: $0)).images(ImageFilter()).count }.reduce(0, +)
            }
            let browser = Request(method: "POST", path: "/_ingot/reset", fields: [.init("origin", "http://example.com")])
            #expect(fixture.endpoint.respond(to: browser).status == 405)
            #expect(fixture.endpoint.respond(to: Request(method: "GET", path: "/_ingot/reset")).status == 405)
            let before = try images()
            #expect(fixture.endpoint.respond(to: Request(method: "POST", path: "/_ingot/reset")).status == 200)
            let after = try images()
            let left = try parameters.parameters(below: nil)
            #expect(before == 2 && after == 0 && left.isEmpty)
            // Names are free again.
            try fixture.image("gone")
        }
    }
}
