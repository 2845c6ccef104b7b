import Model
import Text

/// A name with variables: `web-server-{{ version }}-{{ buildDate }}`.
package struct Template: TextValue {
    /// What a name may depend on.
    package enum Variable: String, CaseIterable, Sendable {
        /// `1.4.2`
        case version
        /// When the build started, as `Instant.inNames` writes it.
        case buildDate
        /// The recipe's name.
        case recipe
        /// The pipeline's name.
        case pipeline
        /// `3` of `1.4.2/3`
        case buildNumber
        /// The region the image is in.
        case region
    }

    private enum Segment: Hashable, Sendable {
        case text(String)
        case variable(Variable)
    }

    private let segments: [Segment]
    /// As it was written.
    package let description: String

    /// Takes text with `{{ variable }}` in it; throws on the first unknown variable.
    package init(parsing text: String) throws(Failure) {
        let (template, problems) = Self.scan(text)
        if let problem = problems.first { throw problem }
        self = template
    }

    /// Reads a template; every unknown variable is reported.
    package init?(_ value: ValueReader) {
        guard let text = value.string() else { return nil }
        let (template, problems) = Self.scan(text)
        for problem in problems { value.report(problem.message, hint: problem.hint) }
        guard problems.isEmpty else { return nil }
        self = template
    }

    private init(_ segments: [Segment], _ description: String) {
        self.segments = segments
        self.description = description
    }

    /// The name of an image whose pipeline gives none: `{{ recipe }}-{{ version }}-{{ buildDate }}`.
    package static let usual = scan("{{ recipe }}-{{ version }}-{{ buildDate }}").0

    /// The variables in it, in order.
    package var variables: [Variable] {
        segments.compactMap { if case .variable(let variable) = $0 { variable } else { nil } }
    }

    /// The text with values in place of variables. A variable without a value is a fault of the caller.
    package func rendered(_ values: [Variable: String]) throws(Failure) -> String {
        var text = ""
        for segment in segments {
            switch segment {
            case .text(let part): text += part
            case .variable(let variable):
                guard let value = values[variable] else { throw Failure(.bug, "the template \"\(self)\" got no \(variable)") }
                text += value
            }
        }
        return text
    }

    /// The text with values in place of variables, as a name that EC2 takes.
    package func amiName(_ values: [Variable: String]) throws(Failure) -> AMIName {
        try AMIName(parsing: try rendered(values))
    }
}

extension Template {
    /// Splits at `{{` and `}}`. What is not a known variable is a problem.
    private static func scan(_ text: String) -> (Template, [Failure]) {
        var segments: [Segment] = []
        var problems: [Failure] = []
        var rest = text[...]
        while let open = rest.firstRange(of: "{{") {
            if open.lowerBound > rest.startIndex { segments.append(.text(String(rest[..<open.lowerBound]))) }
            rest = rest[open.upperBound...]
            guard let close = rest.firstRange(of: "}}") else {
                problems.append(Failure(.invalid, "\"\(text)\" has a {{ without }}"))
                return (Template([], text), problems)
            }
            let name = rest[..<close.lowerBound].split(separator: " ").joined(separator: " ")
            if let variable = Variable(rawValue: name) {
                segments.append(.variable(variable))
            } else {
                problems.append(unknown(name))
            }
            rest = rest[close.upperBound...]
        }
        if !rest.isEmpty { segments.append(.text(String(rest))) }
        return (Template(segments, text), problems)
    }

    private static func unknown(_ name: String) -> Failure {
        // Image Builder writes `imagebuilder:buildDate`.
        let word = name.split(separator: ":").last.map(String.init) ?? name
        let known = Variable.allCases.map(\.rawValue)
        let hint = known.contains(word) ? "did you mean '\(word)'?" : Suggestion.hint(for: word, among: known)
        return Failure(.invalid, "there is no variable '\(name)'", hint: hint)
    }
}
