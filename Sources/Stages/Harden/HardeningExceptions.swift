import Guest
import Model
import Recipes
import YAML

/// Rules that are left alone, as a recipe's stage `harden` and a file by itself write them.
package struct HardeningExceptions {
    package let list: [HardeningException]

    /// Reads `except: [{rule: tmp-noexec, because: build agents compile in /tmp}]` from a file. Errors are all told at once.
    package init(file: String) throws(Failure) {
        let bytes = try ExternalFile.read(file, what: "the file of exceptions", limit: 1 << 20)
        list = try DocumentDecoder.decode(bytes, file: file, as: "the file of exceptions") { Self.read($0) }
    }

    static func read(_ fields: FieldReader) -> [HardeningException] {
        fields.list("except").compactMap { value in
            guard let fields = value.fields() else { return nil }
            defer { fields.finish() }
            guard let rule = fields.string("rule"), let because = fields.required("because") else { return nil }
            guard let reason = because.node.text, reason.contains(where: { !$0.isWhitespace }) else {
                return because.fail("the exception of the rule '\(rule)' gives no reason")
            }
            return HardeningException(rule: rule, because: reason)
        }
    }
}
