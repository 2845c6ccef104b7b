import FoundationEssentials
import Model

/// Tags as a catalogue keeps them where they are part of a rule: JSON.
enum StoredTags {
    static func read(_ text: String) throws -> [Tag] { try JSONDecoder().decode([Tag].self, from: Data(text.utf8)) }
}
