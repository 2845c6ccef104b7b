/// One value of a document, and where it starts. What an alias names stands at the alias.
package struct Node: Sendable {
    package indirect enum Content: Sendable {
        /// The text after quotes, escapes and folding are undone.
        case scalar(String, ScalarStyle)
        case sequence([Node])
        /// In the document's order. Keys are scalars, each once.
        case mapping([(key: Node, value: Node)])
    }

    package enum ScalarStyle: Sendable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    package var content: Content
    package var mark: Mark

    package init(_ content: Content, at mark: Mark) {
        self.content = content
        self.mark = mark
    }
}

// MARK: - Typed reads

extension Node {
    /// The text of any scalar.
    package var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    package var elements: [Node]? {
        if case .sequence(let nodes) = content { nodes } else { nil }
    }

    package var pairs: [(key: Node, value: Node)]? {
        if case .mapping(let pairs) = content { pairs } else { nil }
    }

    /// The value at a key of a mapping.
    package subscript(key: String) -> Node? { pairs?.first { $0.key.text == key }?.value }

    /// Whether nothing is there: a plain `null`, `~` or empty scalar.
    package var isNull: Bool { plain.map { $0.isEmpty || $0 == "~" || $0 == "null" } ?? false }

    /// A plain `true` or `false`; `yes`, `on` and `True` are text.
    package var boolean: Bool? {
        switch plain {
        case "true": true
        case "false": false
        default: nil
        }
    }

    /// A plain decimal integer without `+` or leading zeros: `014` is text.
    package var integer: Int? {
        guard let plain, let number = Int(plain), String(number) == plain else { return nil }
        return number
    }

    /// What it is, for a message: `text`, `a list`, `a mapping`, `nothing`, `true or false`, `a number`.
    package var kind: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .scalar:
            if isNull {
                "nothing"
            } else if boolean != nil {
                "true or false"
            } else if integer != nil {
                "a number"
            } else {
                "text"
            }
        }
    }

    private var plain: String? {
        if case .scalar(let text, .plain) = content { text } else { nil }
    }
}
