import FoundationEssentials

/// JSON whose bytes follow from the value alone: keys sorted, slashes as they are.
package enum CanonicalJSON {
    package static func text(of value: some Encodable, pretty: Bool = false) throws(Failure) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        do { return String(decoding: try encoder.encode(value), as: UTF8.self) } catch {
            throw Failure(.bug, "a value cannot be written as JSON", cause: error)
        }
    }
}
