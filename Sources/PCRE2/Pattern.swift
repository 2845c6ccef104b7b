import CPCRE2

/// A compiled regular expression.
@safe
package final class Pattern {
    private let code: OpaquePointer

    /// Longer patterns are refused, in bytes.
    package static let maximumLength = 16 << 10
    /// How often the matcher may go on from a place, for one text. A second or two at the most.
    private static let matchLimit: UInt32 = 10_000_000
    /// Kibibytes that the matcher may take.
    private static let heapLimit: UInt32 = 64 << 10

    /// `ignoringCase` holds for letters of all scripts.
    package init(_ pattern: String, ignoringCase: Bool = true) throws(PatternError) {
        guard pattern.utf8.count <= Self.maximumLength else {
            throw PatternError("it is longer than \(Self.maximumLength) bytes")
        }
        if let construct = Dialect.foreignConstruct(in: pattern) { throw PatternError("RE2 has no \(construct)") }
        var options = ingot_pcre2_utf | ingot_pcre2_dollar_endonly | ingot_pcre2_never_backslash_c | ingot_pcre2_no_auto_capture
        if ignoringCase { options |= ingot_pcre2_caseless }
        var status: Int32 = 0
        var offset = 0
        let bytes = Array(pattern.utf8)
        let compiled = unsafe bytes.withUnsafeBufferPointer {
            unsafe pcre2_compile_8($0.baseAddress, $0.count, options, &status, &offset, nil)
        }
        guard let compiled = unsafe compiled else { throw PatternError("\(Self.message(status)), at its byte \(offset)") }
        unsafe code = compiled
    }

    deinit { unsafe pcre2_code_free_8(code) }

    /// Whether some piece of the text is what the pattern describes. Throws where finding out would take too long.
    package func matches(_ text: String) throws(PatternError) -> Bool {
        let context = unsafe pcre2_match_context_create_8(nil)
        let data = unsafe pcre2_match_data_create_8(1, nil)
        defer {
            unsafe pcre2_match_context_free_8(context)
            unsafe pcre2_match_data_free_8(data)
        }
        guard let context = unsafe context, let data = unsafe data else { throw PatternError("there is no memory to match it") }
        _ = unsafe pcre2_set_match_limit_8(context, Self.matchLimit)
        _ = unsafe pcre2_set_heap_limit_8(context, Self.heapLimit)
        let bytes = Array(text.utf8)
        let status = unsafe bytes.withUnsafeBufferPointer {
            unsafe pcre2_match_8(code, $0.baseAddress, $0.count, 0, 0, data, context)
        }
        if status == PCRE2_ERROR_NOMATCH { return false }
        if status >= 0 { return true }
        throw PatternError("matching it was given up: \(Self.message(status))")
    }

    private static func message(_ status: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = unsafe pcre2_get_error_message_8(status, &buffer, buffer.count)
        return count < 0 ? "error \(status)" : String(decoding: buffer.prefix(Int(count)), as: UTF8.self)
    }
}

/// Why a pattern cannot be used; reads on after `the pattern … cannot be used:`.
package struct PatternError: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
