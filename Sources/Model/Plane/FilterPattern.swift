/// A pattern of EC2's filters: `*` stands for any characters, `?` for one, and a backslash takes either literally.
package struct FilterPattern: Hashable, Sendable {
    private enum Part: Hashable {
        case any, one
        case scalar(Unicode.Scalar)
    }

    package let text: String
    private let parts: [Part]

    package init(_ text: String) {
        self.text = text
        var parts: [Part] = []
        var isEscaped = false
        for scalar in text.unicodeScalars {
            switch (scalar, isEscaped) {
            case ("\\", false):
                isEscaped = true
                continue
            case ("*", false): if parts.last != .any { parts.append(.any) }
            case ("?", false): parts.append(.one)
            case ("*", true), ("?", true), ("\\", true): parts.append(.scalar(scalar))
            case (_, true): parts += [.scalar("\\"), .scalar(scalar)]
            case (_, false): parts.append(.scalar(scalar))
            }
            isEscaped = false
        }
        if isEscaped { parts.append(.scalar("\\")) }
        self.parts = parts
    }

    /// The one text that it matches; nil where it has wildcards.
    package var literal: String? {
        var text = String.UnicodeScalarView()
        for part in parts {
            guard case .scalar(let scalar) = part else { return nil }
            text.append(scalar)
        }
        return String(text)
    }

    /// Takes at most the product of both lengths in steps: only the last `*` is ever gone back to.
    package func matches(_ candidate: String) -> Bool {
        let scalars = Array(candidate.unicodeScalars)
        var position = 0
        var part = 0
        var star: (part: Int, position: Int)?
        while position < scalars.count {
            if part < parts.count, parts[part] == .any {
                star = (part, position)
                part += 1
            } else if part < parts.count, parts[part] == .one || parts[part] == .scalar(scalars[position]) {
                part += 1
                position += 1
            } else if let last = star {
                star = (last.part, last.position + 1)
                part = last.part + 1
                position = last.position + 1
            } else {
                return false
            }
        }
        return parts[part...].allSatisfy { $0 == .any }
    }
}
