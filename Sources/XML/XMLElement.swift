/// An element with its attributes, its text and the elements in it, in the order of the document. Names are as they are written, with their
/// prefix.
package struct XMLElement: Hashable, Sendable {
    package var name: String
    package var attributes: [String: String] = [:]
    /// All text directly in the element, put together.
    package var text = ""
    package var children: [XMLElement] = []

    package init(name: String) { self.name = name }

    /// The first element of that name in this one.
    package subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    package func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
}

/// Why a text is not read as XML, and where.
package struct XMLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, as one sentence without a full stop.
    package let message: String
    /// From 1.
    package let line: Int

    package var description: String { "line \(line): \(message)" }
}
