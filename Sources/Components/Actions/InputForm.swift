/// What the inputs of an action look like.
package enum InputForm: Sendable {
    /// Nothing, or an empty mapping.
    case nothing
    /// One mapping with these fields.
    case fields([InputField])
    /// A list of mappings with these fields. One mapping that is not in a list is taken as a list of one, as public documents write it.
    case items([InputField])
    /// One comparison or logical operator: `Assert`.
    case condition
}

/// A field of an action's inputs.
package struct InputField: Sendable {
    package indirect enum Kind: Sendable {
        /// Any scalar, by its source text: `0644` stays `0644`.
        case text
        /// `true` or `false`, quoted or not, in any case.
        case boolean
        case integer(ClosedRange<Int>)
        /// One of these, ignoring case.
        case choice([String])
        case list
        /// Any scalar, or a list of them.
        case textOrList
        /// A mapping of texts to texts.
        case map
        /// A list of mappings with these fields.
        case records([InputField])
    }

    package var name: String
    package var kind: Kind
    package var isRequired: Bool
    /// One line of help, with the default where there is one.
    package var help: String

    package init(_ name: String, _ kind: Kind, required: Bool = false, _ help: String) {
        self.name = name
        self.kind = kind
        isRequired = required
        self.help = help
    }
}
