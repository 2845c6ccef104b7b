import Guest

/// An audit as one page of HTML that needs nothing else: no script from elsewhere, no font, no picture.
///
/// All that comes from the image or a document is escaped, since it is hostile.
struct AuditPage {
    let audit: AuditJSON
    let title: String

    init(_ audit: AuditJSON, title: String) {
        self.audit = audit
        self.title = title
    }

    var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(Self.escaped("\(audit.name) · \(audit.profile)"))</title>
        <style>\(AuditPageStyle.css)</style>
        </head>
        <body>
        <header>
        <p class="kind">Compliance audit</p>
        <h1>\(Self.escaped(audit.name))</h1>
        <p class="profile">\(Self.escaped(title))</p>
        \(facts)
        </header>
        <main>
        \(summary)
        \(filters)
        \(table)
        \(exceptions)
        <footer>The score is pass / (pass + fail + error). Rules that are excepted, not applicable or not decidable on a filesystem are \
        listed and do not count. A rule that is not decidable was not found to be met.</footer>
        </main>
        <script>\(AuditPageStyle.script)</script>
        </body>
        </html>

        """
    }

    // MARK: Parts

    private var facts: String {
        let facts = [
            ("Image", audit.image), ("Root digest", audit.rootDigest.map { "sha256:\($0)" } ?? "none"),
            ("Profile", audit.profile),
        ]
        return "<dl>"
            + facts.map { "<div><dt>\($0)</dt><dd>\(Self.escaped($1))</dd></div>" }.joined() + "</dl>"
    }

    private var counts: [(status: AuditReport.Status, count: Int)] {
        let sums = audit.summary
        return [
            (.fail, sums.fail), (.error, sums.error), (.pass, sums.pass), (.excepted, sums.excepted),
            (.notApplicable, sums.notApplicable), (.notDecidable, sums.notDecidable),
        ]
    }

    private var summary: String {
        let total = max(1, counts.reduce(0) { $0 + $1.count })
        let bar = counts.filter { $0.count > 0 }.map { status, count in
            let share = Double(count * 1000 / total) / 10
            return "<span class=\"\(status.rawValue)\" style=\"flex-basis:\(share)%\" title=\"\(count) \(status.words)\"></span>"
        }
        let score = audit.score.map { AuditText.percent($0) } ?? "none"
        let decided = audit.summary.pass + audit.summary.fail + audit.summary.error
        return """
            <section class="summary">
            <div class="score"><b>\(score)</b><span>\(audit.summary.pass) of \(decided) rules that count pass</span></div>
            <div class="shares"><div class="bar">\(bar.joined())</div></div>
            </section>
            """
    }

    private var filters: String {
        let buttons = counts.map { status, count in
            "<button type=\"button\" class=\"\(status.rawValue)\" data-status=\"\(status.rawValue)\" aria-pressed=\"true\">"
                + "<i></i>\(status.words) <b>\(count)</b></button>"
        }
        return """
            <section class="filters" aria-label="Filter">\(buttons.joined())
            <input type="search" placeholder="Search rules and evidence" aria-label="Search rules and evidence"></section>
            """
    }

    private var table: String {
        """
        <table><thead><tr><th>Status</th><th>Rule</th><th>Evidence</th><th>Severity</th></tr></thead>
        <tbody>\(audit.rules.map(Self.row).joined(separator: "\n"))</tbody></table>
        <p class="none" hidden>No rule is as the filter says.</p>
        """
    }

    private static func row(_ entry: AuditReport.Entry) -> String {
        let because = entry.because.map { "<p class=\"because\">Excepted: \(escaped($0))</p>" } ?? ""
        return """
            <tr class="\(entry.status.rawValue)" data-status="\(entry.status.rawValue)"><td><span class="badge">\(entry.status.words)</span></td>\
            <td><p class="title">\(escaped(entry.title))</p><p class="id">\(escaped(entry.rule)) · \(escaped(entry.reference))</p></td>\
            <td class="evidence">\(because)<p>\(escaped(entry.evidence))</p></td><td>\(entry.severity.rawValue)</td></tr>
            """
    }

    private var exceptions: String {
        let excepted = audit.rules.filter { $0.because != nil }
        if excepted.isEmpty { return "" }
        let items = excepted.map { "<li><b>\(Self.escaped($0.rule))</b> \(Self.escaped($0.because ?? ""))</li>" }
        return "<section class=\"exceptions\"><h2>Exceptions</h2><ul>\(items.joined())</ul></section>"
    }

    /// Text between tags or in an attribute. Control characters become spaces.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
