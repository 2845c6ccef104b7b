import CommandLineKit
import FoundationEssentials
import Ledger
import Model
import Orchestration

enum EventsCommand: Command {
    static let kind = Option<[String]>("kind", value: "kind", "Events of this kind, such as build.finished")
    static let subject = Option<String?>(
        "subject", value: "subject", "Events of this subject: a build, a recipe and channel, an image")
    static let since = Option<String?>("since", value: "time", "From a date or time on, or for a span: 2026-11-20, 36h")
    static let limit = Option<UInt>("limit", value: "count", "At most so many, the newest", default: 50)

    static var specification: Specification {
        Specification(
            "events", "List what happened, the newest last",
            examples: [
                Example("ingot events --since 24h", "The last day"),
                Example("ingot events --kind channel.moved --output json", "All promotions, as JSON"),
            ],
            parameters: [kind, subject, since, limit, OutputFormat.option], heading: Heading.workspace)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let workspace = try context.reader()
        let since = try arguments[since].map { (text) throws(Failure) in try instant(text, now: workspace.now) }
        let filter = EventFilter(
            kinds: arguments[kind].map { EventKind(rawValue: $0) }, subject: arguments[subject], since: since,
            limit: Int(clamping: arguments[limit]))
        let rows = try workspace.ledger.events(filter).map { EventRow(event: $0) }
        try context.print(rows, as: arguments[OutputFormat.option], empty: "no such event")
        return .success
    }

    private static func instant(_ text: String, now: Instant) throws(Failure) -> Instant {
        if let span = try? TimeSpan(parsing: text) { return now - span }
        return try Instant(parsing: text)
    }
}

/// One event in a list.
struct EventRow: ListRow {
    let event: EventRecord

    static let tableHeader: [Table.Column] = [
        Table.Column("SEQ", .trailing, canShrink: false), Table.Column("AT", canShrink: false), "KIND", "SUBJECT", "DETAIL",
    ]

    var tableRow: [String] {
        let facts = detail.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return [String(event.seq), event.at.description, event.kind.rawValue, event.subject, facts.joined(separator: " ")]
    }

    var quietValue: String { String(event.seq) }

    struct JSON: Encodable {
        let seq: Int64
        let at: String
        let kind: String
        let subject: String
        let detail: [String: String]
    }

    var json: JSON {
        JSON(seq: event.seq, at: event.at.description, kind: event.kind.rawValue, subject: event.subject, detail: detail)
    }

    private var detail: [String: String] {
        (try? JSONDecoder().decode([String: String].self, from: Data(event.detail.utf8))) ?? [:]
    }
}
