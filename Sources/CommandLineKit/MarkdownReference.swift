extension Grammar {
    /// The reference of the whole program as one Markdown page.
    /// - Parameter preface: Markdown between the title and the commands.
    package func markdown(preface: String = "") -> String {
        var blocks = ["# \(root.name)", root.abstract + "."]
        if !root.discussion.isEmpty { blocks.append(prose(root.discussion)) }
        if !preface.isEmpty { blocks.append(preface) }
        blocks.append(index())
        blocks += ["## Options of every command", options(common(at: []))]
        if !exitStatuses.isEmpty { blocks += ["## Exit statuses", statuses(exitStatuses)] }
        blocks += commands([], root)
        return blocks.joined(separator: "\n\n") + "\n"
    }

    private func leaves(_ path: [String], _ specification: Specification) -> [(path: [String], specification: Specification)] {
        specification.subcommands.filter { !$0.isHidden }.flatMap { child in
            child.isGroup ? leaves(path + [child.name], child) : [(path + [child.name], child)]
        }
    }

    private func index() -> String {
        let rows = leaves([], root).map { path, specification in
            let anchor = spelled(path).lowercased().map { $0 == " " ? "-" : $0 }
            return "| [`\(spelled(path))`](#\(String(anchor))) | \(cell(specification.abstract)) |"
        }
        return (["| command | |", "|---|---|"] + rows).joined(separator: "\n")
    }

    private func commands(_ path: [String], _ specification: Specification) -> [String] {
        leaves(path, specification).flatMap { path, command in
            var blocks = ["## \(spelled(path))", command.abstract + ".", fence(usageLine(path, command))]
            if !command.aliases.isEmpty {
                blocks.append("Also: " + command.aliases.map { "`\($0)`" }.joined(separator: ", ") + ".")
            }
            if !command.discussion.isEmpty { blocks.append(prose(command.discussion)) }
            let own = command.parameters.filter { !$0.isHidden }
            if !own.isEmpty { blocks.append(options(own)) }
            blocks += command.examples.map { "\($0.meaning):\n\n" + fence($0.line) }
            if !command.exitStatuses.isEmpty { blocks.append(statuses(command.exitStatuses)) }
            return blocks
        }
    }

    private func options(_ parameters: [ParameterDeclaration]) -> String {
        let rows = parameters.map { parameter in
            let term = parameter.term.drop { $0 == " " }
            return "| `\(term)` | \(cell(parameter.fullHelp)) |"
        }
        return (["| | |", "|---|---|"] + rows).joined(separator: "\n")
    }

    private func statuses(_ meanings: [ExitMeaning]) -> String {
        let rows = meanings.sorted { $0.code < $1.code }.map { "| \($0.code) | \(cell($0.meaning)) |" }
        return (["| exit status | |", "|---|---|"] + rows).joined(separator: "\n")
    }

    private func fence(_ text: String) -> String {
        "```\n\(text)\n```"
    }

    /// Lines that are kept as they are become code.
    private func prose(_ discussion: String) -> String {
        discussion.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.first == " " ? "    " + $0 : String($0) }
            .joined(separator: "\n")
    }

    /// Text for a table: `<` would start HTML and `|` the next cell.
    private func cell(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "|": result += "\\|"
            case "<": result += "&lt;"
            case "\n": result += " "
            default: result.append(character)
            }
        }
    }
}
