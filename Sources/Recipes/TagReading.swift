import Model
import YAML

extension FieldReader {
    /// Tags by EC2's rules; none where the field is missing. Each bad tag is reported at its key.
    package func tags(_ key: String) -> TagSet {
        guard let value = optional(key), let entries = value.entries() else { return TagSet() }
        var tags: [Tag] = []
        for (key, value) in entries {
            guard let name = key.node.text, let text = value.string() else { continue }
            do throws(Failure) {
                tags.append(try Tag(key: name, value: text))
            } catch {
                key.report(error.message, hint: error.hint)
            }
        }
        do throws(Failure) {
            return try TagSet(tags)
        } catch {
            value.report(error.message, hint: error.hint)
            return TagSet()
        }
    }
}
