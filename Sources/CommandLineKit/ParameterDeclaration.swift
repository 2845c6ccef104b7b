/// Whatever can stand in the list of a specification's parameters: `Argument`, `Option`, `Flag`.
package protocol Parameter: Sendable {
    /// What reading gives.
    associatedtype Value: Sendable
    var declaration: ParameterDeclaration { get }
}

/// What a parameter is, without the type of its value: all that parser, help and completion need.
package struct ParameterDeclaration: Sendable {
    package enum Shape: String, Sendable {
        /// Positional.
        case argument
        /// `--name VALUE`.
        case option
        /// `--name`.
        case flag
    }

    /// How often a value may be given.
    package enum Arity: Sendable, Equatable {
        case required
        case optional
        case repeating(minimum: Int)
    }

    package let shape: Shape
    /// Without dashes or brackets.
    package let name: String
    package let short: Character?
    /// What stands for the value in help: the `region` of `--to <region>`.
    package let valueName: String
    package let help: String
    package let arity: Arity
    package let values: ValueKind
    package let defaultText: String?
    /// The variable read when the option is not given.
    package let environment: String?
    package let isHidden: Bool
    /// What a word must be, for the message when it is not. Put together only then: each start declares all parameters of a command.
    let expected: @Sendable () -> String
    /// Converts the words given, in order. An empty list stands for "not given".
    let convert: @Sendable ([String]) throws(RefusedWord) -> any Sendable

    /// The parameter as it is written on the command line: `--to`, `<image>`.
    package var label: String {
        shape == .argument ? "<\(name)>" : "--\(name)"
    }

    package var isRepeating: Bool {
        if case .repeating = arity { true } else { false }
    }

    /// How many words must be given at least.
    var minimum: Int {
        switch arity {
        case .required: 1
        case .optional: 0
        case .repeating(let minimum): minimum
        }
    }
}

/// What the words of a parameter can be; completion follows it.
package enum ValueKind: Sendable, Equatable {
    case text
    case file
    case directory
    case choices([String])
    /// A set that only the running program knows, such as `image`; asked for when a user completes.
    case dynamic(String)
}

/// The word that a type did not accept.
struct RefusedWord: Error {
    var word: String
}

/// A converted value. Boxed, so that a cast never looks through an optional.
struct Converted<Value: Sendable>: Sendable {
    var value: Value
}

extension ArgumentValue {
    static func converted(_ word: String) throws(RefusedWord) -> Self {
        guard let value = Self(argument: word) else { throw RefusedWord(word: word) }
        return value
    }

    /// The kind of a parameter of this type, where its declaration does not say more.
    static func kind(_ declared: ValueKind) -> ValueKind {
        declared == .text && !choices.isEmpty ? .choices(choices) : declared
    }
}
