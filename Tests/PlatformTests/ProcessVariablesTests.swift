import Glibc
import Platform
import Testing

struct ProcessVariablesTests {
    @Test func `variables have the values that getenv gives`() throws {
        let variables = ProcessVariables.all
        #expect(!variables.isEmpty)
        for (name, value) in variables { #expect(unsafe getenv(name).map { unsafe String(cString: $0) } == value) }
    }
}
