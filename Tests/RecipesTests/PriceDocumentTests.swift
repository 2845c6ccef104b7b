import Model
import Recipes
import Testing

private func read(_ text: String) throws(Failure) -> PriceTable {
    try PriceDocument.table(Array(text.utf8), file: "prices.yaml")
}

@Suite("Price tables")
struct PriceDocumentTests {
    @Test("what a region leaves out is as in the default, and a region that is not listed is all of it")
    func defaults() throws {
        let table = try read(
            """
            name: ours
            date: 2026-02-03
            currency: EUR
            default: {snapshot: 0.04, archive: 0.01, transfer: 0.02}
            regions:
              us-east-1: {snapshot: 0.03, transferTo: {us-east-2: 0.005}}
            """)
        let (first, second) = (try RegionName(parsing: "us-east-1"), try RegionName(parsing: "us-east-2"))
        #expect(table.prices(in: first).snapshot.description == "0.03" && table.prices(in: first).archive.description == "0.01")
        #expect(table.prices(in: second) == table.usual)
        #expect(table.transfer(from: first, to: second).description == "0.005")
        #expect(table.transfer(from: second, to: first).description == "0.02")
        #expect(table.currency == "EUR" && table.date.description == "2026-02-03T00:00:00Z")
    }

    @Test("all errors of a table are told at once")
    func errors() throws {
        let message = failure { () throws(Failure) in
            try read(
                """
                name: ours
                date: yesterday
                currency: dollars
                default: {snapshot: -1, archive: 0.01}
                regions:
                  us-east-9: {snapshot: 1}
                  us-east-1: {snapshots: 1}
                """)
        }
        for line in ["prices.yaml:2:", "prices.yaml:3:", "prices.yaml:4:", "prices.yaml:6:", "prices.yaml:7:"] {
            #expect(message.contains(line), "\(message)")
        }
        #expect(message.contains("has no 'transfer'") && message.contains("'snapshot'"))
    }

    @Test("the table that comes with Ingot can be read, and has every price above nothing")
    func standard() throws {
        let table = try PriceDocument.standard()
        for region in RegionName.commercial {
            let prices = table.prices(in: try RegionName(parsing: region))
            #expect(prices.snapshot > prices.archive && prices.archive > .zero && prices.transfer > .zero, "\(region)")
        }
        #expect(
            table.transfer(from: try RegionName(parsing: "us-east-1"), to: try RegionName(parsing: "us-east-2")).description
                == "0.01")
    }
}
