import Model
import Text
import YAML

extension PipelineDocument.Promotion {
    /// Reads the `promotion` field; without it there is no channel. Relative paths start at `folder`.
    ///
    ///     gates:
    ///       prod: [scrub-clean, {maxAge: 7d}, {packages: {feeds: [tracker.json], maximumSeverity: medium}}]
    init(_ fields: FieldReader, folder: String) {
        self.init(channels: [], gates: [:])
        guard let promotion = fields.optionalMapping("promotion") else { return }
        for entry in promotion.required("channels")?.list() ?? [] {
            guard let channel = entry.value(ChannelName.self) else { continue }
            if channels.contains(channel) {
                entry.report("the channel \(channel) is listed twice")
            } else {
                channels.append(channel)
            }
        }
        for (key, value) in promotion.optional("gates")?.entries() ?? [] {
            if let channel = channel(key) {
                gates[channel] = (value.list() ?? []).compactMap { PipelineDocument.Gate($0, folder: folder) }
            }
        }
        promotion.finish()
    }

    private func channel(_ key: ValueReader) -> ChannelName? {
        guard let text = key.string() else { return nil }
        if let channel = channels.first(where: { $0.description == text }) { return channel }
        return key.fail("there is no channel '\(text)'", hint: Suggestion.hint(for: text, among: channels.map(\.description)))
    }
}

extension PipelineDocument.Gate {
    /// Gates that are a word.
    private enum Word: String, CaseIterable {
        case scrubClean = "scrub-clean"
    }

    fileprivate init?(_ entry: ValueReader, folder: String) {
        if entry.node.text != nil, !entry.node.isNull {
            guard entry.oneOf(Word.self) != nil else { return nil }
            self = .scrubClean
            return
        }
        guard let fields = entry.fields() else { return nil }
        defer { fields.finish() }
        let kinds = ["maxAge", "packages"].filter(fields.has)
        guard kinds.count == 1 else {
            entry.report(
                kinds.isEmpty ? "\(entry.name) has none of 'maxAge' and 'packages'" : "\(entry.name) has two gates in one",
                hint: "each gate is an entry of its own: scrub-clean, {maxAge: 7d} or {packages: {…}}")
            return nil
        }
        if kinds == ["maxAge"] {
            guard let age = fields.value("maxAge", TimeSpan.self) else { return nil }
            self = .maxAge(age)
        } else {
            guard let gate = PackageGate(fields, folder: folder) else { return nil }
            self = .packages(gate)
        }
    }
}
