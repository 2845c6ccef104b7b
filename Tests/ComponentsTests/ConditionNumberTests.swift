import Components
import TestSupport
import Testing

@Suite struct `Numbers in conditions` {
    private func holds(_ comparator: String, _ operand: String, _ value: String) throws -> Bool {
        let text = EngineFixture.build("- {name: A, action: Assert, inputs: {\(comparator): '\(operand)', value: '\(value)'}}")
        return try EngineFixture().run(text).status == .success
    }

    @Test(arguments: ["", "-", "+", ".5", "5.", "1e3", "0x10", "1.2.3", " 1", "1 ", "١", "1_000", "NaN", "--1"])
    func `what is not a number makes every comparison false`(_ text: String) throws {
        for comparator in ["numberEquals", "numberLessThanEquals", "numberGreaterThanEquals"] {
            #expect(try !holds(comparator, text, text))
        }
    }

    @Test(arguments: [
        ("1", "+1.0"), ("0", "-0.00"), ("007.50", "7.5"), ("-0", "+0"),
        ("123456789012345678901234567890.1", "123456789012345678901234567890.10"),
    ]) func `are equal by their value`(_ a: String, _ b: String) throws {
        #expect(try holds("numberEquals", a, b))
    }

    @Test(.enabled(if: Python.isAvailable, Python.missing)) func `are ordered as Python's decimals are, at any length`() throws {
        var random = SeededRandom(3)
        func number() -> String {
            func digits(_ count: Int) -> String { (0..<count).map { _ in String(random.below(3)) }.joined() }
            let sign = ["", "-", "+"][random.below(3)]
            return sign + digits(1 + random.below(3)) + (random.below(2) == 0 ? "" : "." + digits(1 + random.below(3)))
        }
        let pairs = (0..<60).map { _ in (number(), number()) }
        let script = """
            import sys
            from decimal import Decimal
            for line in sys.stdin:
                a, b = map(Decimal, line.split())
                print('less' if b < a else 'more' if b > a else 'same')
            """
        let answers = try Python.run(script, input: pairs.map { "\($0.0) \($0.1)" }.joined(separator: "\n")).split(
            separator: "\n")
        for (pair, answer) in zip(pairs, answers) {
            let wanted = ["less": "numberLessThan", "more": "numberGreaterThan", "same": "numberEquals"][String(answer)] ?? ""
            #expect(try holds(wanted, pair.0, pair.1), "\(pair) \(answer)")
        }
    }
}
