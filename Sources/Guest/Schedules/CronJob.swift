import ImageStore

/// A program that cron starts: a line of a table, or a file of `/etc/cron.daily` and its like.
package struct CronJob: Hashable, Sendable {
    /// `*/5 * * * *`, `@reboot`, `cron.daily`; of anacron `every 7 days`.
    package let schedule: String
    package let user: String
    package let command: String
    /// The variables that stand before it in its table.
    package let variables: [String]
    package let place: LinePlace

    /// In one form for comparing.
    package var text: String { "\(schedule) \(user) \(command)" }
}
