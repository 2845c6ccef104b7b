/// A positional argument. The type says how often it is given: `Argument<String>` once, `Argument<String?>` at most once,
/// `Argument<[String]>` any number of times (the last of its command).
package struct Argument<Value: Sendable>: Parameter {
    package let declaration: ParameterDeclaration
}

/// An option with a value. The type says how often it is given: `Option<String>` once, `Option<String?>` at most once,
/// `Option<[String]>` any number of times. An `Option<Int>` with a default may be left out.
package struct Option<Value: Sendable>: Parameter {
    package let declaration: ParameterDeclaration
}

/// An option without a value; reading it gives true where it was given. Giving it twice is giving it once.
package struct Flag: Parameter {
    package typealias Value = Bool
    package let declaration: ParameterDeclaration

    package init(_ name: String, short: Character? = nil, _ help: String, isHidden: Bool = false) {
        declaration = ParameterDeclaration(
            shape: .flag, name: name, short: short, valueName: "", help: help, arity: .optional, values: .text, defaultText: nil,
            environment: nil, isHidden: isHidden, expected: { "" }, convert: { words in Converted(value: !words.isEmpty) }
        )
    }
}

extension Argument where Value: ArgumentValue {
    /// A required argument, or with `default` one that may be left out.
    package init(_ name: String, _ help: String, values: ValueKind = .text, default fallback: Value? = nil) {
        declaration = ParameterDeclaration(
            shape: .argument, name: name, short: nil, valueName: name, help: help, arity: fallback == nil ? .required : .optional,
            values: Value.kind(values), defaultText: fallback?.argumentText, environment: nil, isHidden: false,
            expected: { Value.expectation }, convert: single(default: fallback)
        )
    }
}

extension Argument {
    /// An argument that may be left out.
    package init<Element: ArgumentValue>(_ name: String, _ help: String, values: ValueKind = .text) where Value == Element? {
        declaration = ParameterDeclaration(
            shape: .argument, name: name, short: nil, valueName: name, help: help, arity: .optional, values: Element.kind(values),
            defaultText: nil, environment: nil, isHidden: false, expected: { Element.expectation },
            convert: optional(Element.self)
        )
    }

    /// An argument given at least `minimum` times.
    package init<Element: ArgumentValue>(
        _ name: String, _ help: String, values: ValueKind = .text, minimum: Int = 0
    ) where Value == [Element] {
        declaration = ParameterDeclaration(
            shape: .argument, name: name, short: nil, valueName: name, help: help, arity: .repeating(minimum: minimum),
            values: Element.kind(values), defaultText: nil, environment: nil, isHidden: false, expected: { Element.expectation },
            convert: repeated(Element.self)
        )
    }
}

extension Option where Value: ArgumentValue {
    /// A required option, or with `default` one that may be left out. `value` stands for the value in help.
    package init(
        _ name: String, short: Character? = nil, value: String, _ help: String, values: ValueKind = .text,
        default fallback: Value? = nil, environment: String? = nil, isHidden: Bool = false
    ) {
        declaration = ParameterDeclaration(
            shape: .option, name: name, short: short, valueName: value, help: help,
            arity: fallback == nil ? .required : .optional,
            values: Value.kind(values), defaultText: fallback?.argumentText, environment: environment, isHidden: isHidden,
            expected: { Value.expectation }, convert: single(default: fallback)
        )
    }
}

extension Option {
    /// An option that may be left out.
    package init<Element: ArgumentValue>(
        _ name: String, short: Character? = nil, value: String, _ help: String, values: ValueKind = .text,
        environment: String? = nil, isHidden: Bool = false
    ) where Value == Element? {
        declaration = ParameterDeclaration(
            shape: .option, name: name, short: short, valueName: value, help: help, arity: .optional,
            values: Element.kind(values),
            defaultText: nil, environment: environment, isHidden: isHidden, expected: { Element.expectation },
            convert: optional(Element.self)
        )
    }

    /// An option given at least `minimum` times.
    package init<Element: ArgumentValue>(
        _ name: String, short: Character? = nil, value: String, _ help: String, values: ValueKind = .text, minimum: Int = 0,
        isHidden: Bool = false
    ) where Value == [Element] {
        declaration = ParameterDeclaration(
            shape: .option, name: name, short: short, valueName: value, help: help, arity: .repeating(minimum: minimum),
            values: Element.kind(values), defaultText: nil, environment: nil, isHidden: isHidden,
            expected: { Element.expectation }, convert: repeated(Element.self)
        )
    }
}

private typealias Convert = @Sendable ([String]) throws(RefusedWord) -> any Sendable

/// The parser has refused a missing value before this is called with no word and no default.
private func single<Element: ArgumentValue>(default fallback: Element?) -> Convert {
    { words throws(RefusedWord) in
        if let word = words.last { return Converted(value: try Element.converted(word)) }
        guard let fallback else { throw RefusedWord(word: "") }
        return Converted(value: fallback)
    }
}

private func optional<Element: ArgumentValue>(_: Element.Type) -> Convert {
    { words throws(RefusedWord) in
        guard let word = words.last else { return Converted<Element?>(value: nil) }
        return Converted<Element?>(value: try Element.converted(word))
    }
}

private func repeated<Element: ArgumentValue>(_: Element.Type) -> Convert {
    { words throws(RefusedWord) in
        var values: [Element] = []
        for word in words { values.append(try Element.converted(word)) }
        return Converted(value: values)
    }
}
