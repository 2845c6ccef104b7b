/// Reads one document.
package enum YAMLParser {
    /// What a document may cost at most.
    package struct Limits: Sendable {
        package var bytes: Int
        /// How deep lists and mappings may stand in each other.
        package var depth: Int
        /// How often an alias may be used.
        package var aliases: Int
        /// How many nodes the tree may have once every alias is expanded; keys count.
        package var nodes: Int

        package init(bytes: Int = 1 << 20, depth: Int = 64, aliases: Int = 100, nodes: Int = 100_000) {
            self.bytes = bytes
            self.depth = depth
            self.aliases = aliases
            self.nodes = nodes
        }
    }

    /// The document's root. Throws the first error.
    package static func parse(_ bytes: [UInt8], limits: Limits = Limits()) throws(YAMLError) -> Node {
        var first: YAMLError?
        let node = try parse(bytes, limits: limits) { error in
            if first == nil { first = error }
        }
        if let first { throw first }
        return node
    }

    /// The document's root. What does not end the reading (a duplicate key, a tag, a merge key) is passed to `report`, and the document is
    /// refused all the same: the caller must not use it when anything was reported. Throws what ends the reading.
    package static func parse(
        _ bytes: [UInt8],
        limits: Limits = Limits(),
        report: (YAMLError) -> Void
    ) throws(YAMLError) -> Node {
        guard bytes.count <= limits.bytes else {
            throw YAMLError("the document has \(bytes.count) bytes, the limit is \(limits.bytes)", at: .start)
        }
        let source = SourceText(bytes)
        try checkEncoding(source)
        var composer = Composer(source: source, limits: limits)
        do throws(YAMLError) {
            let node = try composer.document()
            composer.problems.forEach(report)
            return node
        } catch {
            composer.problems.forEach(report)
            throw error
        }
    }

    private static func checkEncoding(_ source: SourceText) throws(YAMLError) {
        let bytes = source.bytes
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            let utf16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
            throw YAMLError(
                utf16 ? "the document is UTF-16" : "the bytes here are not UTF-8",
                at: source.mark(at: error.byteOffsets.lowerBound),
                hint: "save the file as UTF-8"
            )
        }
    }
}
