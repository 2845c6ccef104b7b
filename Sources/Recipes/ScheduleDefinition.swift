import Model
import Platform

/// When a pipeline builds, or copies go to a region.
package struct ScheduleDefinition: Equatable, Sendable {
    package var expression: ScheduleExpression
    package var zone: ZoneInfo
    package var startCondition: StartCondition
    package var missedRuns: MissedRunPolicy

    /// Image Builder's `pipelineExecutionStartCondition`, in short.
    package enum StartCondition: String, Sendable, Codable, CaseIterable {
        /// Build only when the parent image or something else that the recipe names has a newer version than the last build.
        case dependencyUpdates = "dependency-updates"
        /// Build whenever the expression matches.
        case expressionMatchOnly = "expression-match-only"
    }

    /// The schedule as it runs from `anchor` on.
    package func schedule(anchor: Instant) -> Schedule { Schedule(expression, zone: zone, anchor: anchor) }
}

extension ScheduleDefinition {
    /// How often old images are looked at, besides after each build.
    package static let daily = ScheduleDefinition(
        expression: .rate(.daily), zone: .utc, startCondition: .expressionMatchOnly, missedRuns: .runOnce)
}

// MARK: - Reading

extension ScheduleDefinition {
    /// Reads a `schedule` field that may be missing. A schedule of copies has no start condition: what is there is copied.
    static func read(_ fields: FieldReader, hasStartCondition: Bool) -> ScheduleDefinition? {
        guard let fields = fields.optionalMapping("schedule") else { return nil }
        let expression = expression(fields)
        let zone = fields.optional("timezone").map(zone) ?? .utc
        let startCondition = hasStartCondition ? fields.oneOf("startCondition", default: StartCondition.dependencyUpdates) : nil
        let missedRuns = fields.oneOf("missedRuns", default: MissedRunPolicy.runOnce)
        fields.finish()
        guard let expression, let zone else { return nil }
        return ScheduleDefinition(
            expression: expression, zone: zone, startCondition: startCondition ?? .expressionMatchOnly, missedRuns: missedRuns)
    }

    /// Exactly one of `cron` and `rate`, with or without the function's name around it.
    private static func expression(_ fields: FieldReader) -> ScheduleExpression? {
        switch (fields.optional("cron"), fields.optional("rate")) {
        case (let cron?, nil):
            return cron.parsed { (text) throws(Failure) in .cron(try CronExpression(parsing: text)) }
        case (nil, let rate?):
            return rate.parsed { (text) throws(Failure) in
                .rate(try RateExpression(parsing: text.hasPrefix("rate(") ? text : "rate(\(text))"))
            }
        case (nil, nil):
            fields.diagnostics.report(
                "'schedule' has neither 'cron' nor 'rate'", at: fields.mark, hint: "write cron: \"0 2 * * ? *\" or rate: 12 hours"
            )
        case (_?, _?):
            fields.report("'schedule' has both 'cron' and 'rate'", at: "rate", hint: "keep one of them")
        }
        return nil
    }

    private static func zone(_ value: ValueReader) -> ZoneInfo? {
        value.parsed { (text) throws(Failure) in
            do throws(ZoneInfo.Problem) {
                return text == "UTC" ? .utc : try ZoneInfo(named: text)
            } catch {
                throw Failure(error, names: ZoneInfo.names())
            }
        }
    }
}
