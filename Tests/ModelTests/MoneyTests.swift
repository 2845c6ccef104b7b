import Model
import Testing

@Suite struct MoneyTests {
    @Test(arguments: [
        ("0.05", "0.05"), ("0.0125", "0.0125"), ("3", "3.00"), ("0.000000001", "0.000000001"),
        ("999999999.999999999", "999999999.999999999"),
        ("1.50", "1.50"), ("1.500", "1.50"),
    ])
    func `an amount is read and written exactly`(text: String, written: String) throws {
        #expect(try Money(parsing: text).description == written)
    }

    @Test(arguments: ["", ".", "1.", ".5", "-1", "+1", "1e3", "1.0000000001", "1000000000", "0,5", " 1", "1.2.3"])
    func `what is no amount is refused`(text: String) {
        #expect(throws: Failure.self) { try Money(parsing: text) }
    }

    @Test func `bytes cost their part of a GiB, rounded half up to a billionth`() throws {
        let price = try Money(parsing: "0.05")
        #expect(price.forBytes(1 << 30) == price)
        #expect(price.forBytes(100 << 30).description == "5.00")
        #expect(price.forBytes(0) == .zero)
        // 0.05 billionths times 21 bytes is 0.978, and of 10 bytes 0.466.
        #expect(price.forBytes(21).nanos == 1 && price.forBytes(10).nanos == 0)
        #expect(Money(nanos: 1).forBytes(1 << 29).nanos == 1)
        #expect(Money(nanos: 1).forBytes((1 << 29) - 1).nanos == 0)
    }

    @Test func `what is too much stays the most that there is`() {
        let most = Money(nanos: .max)
        #expect(most.forBytes(.max) == most && most + most == most)
        #expect(most.forBytes(1 << 30) == most)
    }

    @Test func `in a table there are four digits, half up`() {
        #expect(Money(nanos: 1_234_950_000).rounded == "1.2350" && Money(nanos: 1_234_949_999).rounded == "1.2349")
        #expect(Money.zero.rounded == "0.0000")
    }
}
