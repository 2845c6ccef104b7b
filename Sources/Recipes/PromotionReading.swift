import Model
import Text

extension PipelineDocument.Promotion {
    /// Reads the `promotion` field; without it there is no channel.
    init(_ fields: FieldReader) {
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
            if let channel = channel(key) { gates[channel] = Self.gates(value) }
        }
        promotion.finish()
    }

    private func channel(_ key: ValueReader) -> ChannelName? {
        guard let text = key.string() else { return nil }
        if let channel = channels.first(where: { $0.description == text }) { return channel }
        return key.fail("there is no channel '\(text)'", hint: Suggestion.hint(for: text, among: channels.map(\.description)))
    }

    private static func gates(_ value: ValueReader) -> [PipelineDocument.Gate] {
        (value.list() ?? []).compactMap { entry in
            guard let fields = entry.fields() else { return nil }
            let maxAge = fields.value("maxAge", TimeSpan.self)
            fields.finish()
            return maxAge.map { .maxAge($0) }
        }
    }
}
