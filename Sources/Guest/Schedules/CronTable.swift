import ImageStore

/// The lines of a table of cron (crontab(5)) or of anacron (anacrontab(5)).
enum CronTable {
    /// - Parameter user: whose table it is; nil where each line names the user.
    static func jobs(_ text: LogicalLines, user: String?) -> [CronJob] {
        var variables: [String] = []
        var jobs: [CronJob] = []
        for line in text.lines where line.text.first != "#" {
            if let variable = variable(line.text) {
                variables.append(variable)
            } else if let job = job(line, user, variables) {
                jobs.append(job)
            }
        }
        return jobs
    }

    /// `period delay name command`
    static func anacron(_ text: LogicalLines) -> [CronJob] {
        text.lines.compactMap { line in
            guard line.text.first != "#", variable(line.text) == nil else { return nil }
            let (words, command) = parts(line.text, 3)
            guard words.count == 3, !command.isEmpty else { return nil }
            let schedule = words[0].hasPrefix("@") ? words[0] : "every \(words[0]) days"
            return CronJob(schedule: schedule, user: "root", command: command, variables: [], place: line.place)
        }
    }

    private static func job(_ line: LogicalLines.Line, _ user: String?, _ variables: [String]) -> CronJob? {
        let fields = line.text.first == "@" ? 1 : 5
        let (words, command) = parts(line.text, fields + (user == nil ? 1 : 0))
        guard words.count == fields + (user == nil ? 1 : 0), !command.isEmpty else { return nil }
        return CronJob(
            schedule: words.prefix(fields).joined(separator: " "), user: user ?? words[fields], command: command,
            variables: variables, place: line.place)
    }

    /// `NAME=value`, where the name has no blanks and no stars.
    private static func variable(_ line: String) -> String? {
        guard let equals = line.firstIndex(of: "=") else { return nil }
        let name = trimmed(line[..<equals])
        guard let first = name.first, first.isLetter || first == "_" || first == "\"", !name.contains(where: \.isWhitespace)
        else {
            return nil
        }
        return "\(name)=\(trimmed(line[line.index(after: equals)...]))"
    }

    private static func parts(_ line: String, _ count: Int) -> (words: [String], rest: String) {
        var words: [String] = []
        var rest = line[...]
        for _ in 0..<count {
            let word = rest.prefix { !$0.isWhitespace }
            if word.isEmpty { break }
            words.append(String(word))
            rest = rest[word.endIndex...].drop(while: \.isWhitespace)
        }
        return (words, trimmed(rest))
    }
}
