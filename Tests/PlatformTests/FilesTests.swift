import Platform
import TestSupport
import Testing

@Suite struct FilesTests {
    @Test("a file dated beyond 64 bits of nanoseconds has the nearest time there is")
    func farDates() throws {
        try withTemporaryFolder { folder in
            // File systems hold different ranges: whatever they made of these dates can be read.
            try Shell.run(
                "touch -d 2300-01-01 late; touch -d @-9300000000 early || touch -d 1902-01-01 early; touch -d 2000-01-01 usual",
                in: folder)
            #expect(try Files.status("\(folder)/usual").modified == 946_684_800_000_000_000)
            #expect(try Files.status("\(folder)/early").modified < 0)
            let shown = try Shell.run("stat -c %Y late", in: folder)
            let late = try Files.status("\(folder)/late").modified
            #expect(shown == "10413792000\n" ? late == .max : late > 0)
        }
    }
}
