import CYAML

/// One event of libyaml's parser, with the offset of its first byte.
struct Event {
    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd
        case scalar(String, Node.ScalarStyle)
        case sequenceStart, sequenceEnd
        case mappingStart, mappingEnd
        case alias(String)
    }

    var kind: Kind
    var offset: Int
    var anchor: String?
    var tag: String?
}

/// libyaml's parser over bytes that it owns.
@safe
struct EventReader: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private var position: ScalarPosition

    /// The bytes are valid UTF-8.
    init(_ bytes: [UInt8]) {
        unsafe parser = .allocate(capacity: 1)
        guard unsafe yaml_parser_initialize(parser) == 1 else { fatalError("libyaml: no memory for a parser") }
        // With its encoding set, libyaml takes a byte order mark for a character of the first line, and that line for indented.
        let content = bytes.starts(with: SourceText.byteOrderMark) ? bytes.dropFirst(SourceText.byteOrderMark.count) : bytes[...]
        unsafe input = .allocate(capacity: content.count)
        _ = unsafe input.initialize(from: content)
        position = ScalarPosition(content)
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }

    /// The next event; an error's mark has only its offset set.
    mutating func next() throws(YAMLError) -> Event {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw problem() }
        defer { unsafe yaml_event_delete(&event) }
        var result = Event(kind: .streamStart, offset: position.offset(ofScalar: unsafe event.start_mark.index))
        switch unsafe event.type {
        case YAML_STREAM_START_EVENT: result.kind = .streamStart
        case YAML_STREAM_END_EVENT: result.kind = .streamEnd
        case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: result.kind = .documentEnd
        case YAML_ALIAS_EVENT: result.kind = .alias(unsafe Self.text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            result.kind = .scalar(unsafe Self.text(scalar.value, scalar.length), unsafe Self.style(scalar.style))
            result.anchor = unsafe Self.text(scalar.anchor)
            result.tag = unsafe Self.text(scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            result.kind = .sequenceStart
            result.anchor = unsafe Self.text(event.data.sequence_start.anchor)
            result.tag = unsafe Self.text(event.data.sequence_start.tag)
        case YAML_SEQUENCE_END_EVENT: result.kind = .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            result.kind = .mappingStart
            result.anchor = unsafe Self.text(event.data.mapping_start.anchor)
            result.tag = unsafe Self.text(event.data.mapping_start.tag)
        case YAML_MAPPING_END_EVENT: result.kind = .mappingEnd
        default: result.kind = .streamEnd
        }
        return result
    }

    /// What libyaml says is wrong. Its reader counts bytes, its scanner and parser count scalars.
    private mutating func problem() -> YAMLError {
        var message = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "the text is not YAML"
        let offset: Int
        if unsafe parser.pointee.error == YAML_READER_ERROR {
            offset = position.first + (unsafe parser.pointee.problem_offset)
        } else {
            offset = position.offset(ofScalar: unsafe parser.pointee.problem_mark.index)
        }
        if let context = unsafe parser.pointee.context.map({ unsafe String(cString: $0) }) { message = "\(context): \(message)" }
        return YAMLError(message, at: Mark(line: 0, column: 0, offset: offset))
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        unsafe pointer.map { unsafe String(cString: $0) }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?, _ length: Int) -> String {
        unsafe String(decoding: UnsafeBufferPointer(start: pointer, count: length), as: UTF8.self)
    }

    private static func style(_ style: yaml_scalar_style_t) -> Node.ScalarStyle {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }
}

/// Turns libyaml's index, which counts Unicode scalars, into a byte offset. Marks mostly grow, so a walk forward
/// from the last one costs one pass over the document.
private struct ScalarPosition {
    private let bytes: ArraySlice<UInt8>
    private var scalar = 0
    private var offset: Int

    /// The slice's indices are the offsets.
    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        offset = bytes.startIndex
    }

    /// The offset of the first byte.
    var first: Int { bytes.startIndex }

    mutating func offset(ofScalar index: Int) -> Int {
        if index < scalar {
            scalar = 0
            offset = first
        }
        while scalar < index && offset < bytes.endIndex {
            offset += 1
            while offset < bytes.endIndex && bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            scalar += 1
        }
        return offset
    }
}
