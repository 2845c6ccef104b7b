import Cloud
import Model
import Testing

@Suite struct `Names of parameters` {
    @Test(arguments: ["a", "Port_1.x-y", "/web/port", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o", String(repeating: "x", count: 2048)])
    func `are words, or paths of up to fifteen`(_ text: String) throws {
        #expect(try ParameterName(parsing: text).description == text)
    }

    @Test(
        arguments: [
            "", "/", "web/port", "/web/", "//web", "/web//port", "a b", "a:b", "ü", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p",
            "aws-port",
            "/AWS/port", "ssm.x", "/ssm", String(repeating: "x", count: 2049), "a\n",
        ])
    func `are refused otherwise`(_ text: String) {
        #expect(failure { _ = try ParameterName(parsing: text) }?.code == .invalid)
    }

    @Test func `may have a version or a label behind a colon`() throws {
        let reference = try ParameterReference(parsing: "/web/port:12")
        #expect(reference.name.description == "/web/port" && reference.selector == .version(12))
        #expect(try ParameterReference(parsing: "/web/port").selector == nil)
        #expect(try ParameterReference(parsing: "/web/port:live-1").selector == .label(ParameterLabel(parsing: "live-1")))
        for text in [
            "/web/port:", "/web/port:0", "/web/port:1x", "/web/port:aws", "/web/port:SSM.x", "/web/port:a b",
            ":3", "/web:1:2",
        ] {
            #expect(failure { _ = try ParameterReference(parsing: text) }?.code == .invalid)
        }
    }
}
