/// The help pages, made from the declarations.
package struct Help {
    let grammar: Grammar
    let terminal: Terminal

    private var width: Int { terminal.proseWidth }

    package init(_ grammar: Grammar, for terminal: Terminal) {
        self.grammar = grammar
        self.terminal = terminal
    }

    /// The page of the command at `path`; of the program where there is none.
    package func page(_ path: [String]) -> String {
        let specification = grammar.specification(at: path) ?? grammar.root
        var sections = [overview(specification), section("USAGE", usage(path, specification))]
        sections += commandSections(path, specification)
        sections.append(section("ARGUMENTS", entries(specification.arguments.map { ($0.term, $0.fullHelp) })))
        sections += optionSections(path, specification)
        sections.append(section("EXAMPLES", examples(specification.examples)))
        sections.append(section("EXIT STATUS", exitStatuses(specification)))
        sections.append(pointer(path, specification))
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private func overview(_ specification: Specification) -> [String] {
        let abstract = TextWrap.wrap(specification.abstract, width: width)
        guard !specification.discussion.isEmpty else { return abstract }
        return abstract + [""] + TextWrap.paragraphs(specification.discussion, width: width)
    }

    private func usage(_ path: [String], _ specification: Specification) -> [String] {
        var lines = TextWrap.wrap(grammar.usageLine(path, specification), width: width, indent: 2)
        for index in lines.indices.dropFirst() { lines[index] = "    " + lines[index] }
        if !specification.aliases.isEmpty { lines.append("  Also: " + specification.aliases.joined(separator: ", ")) }
        return lines
    }

    private func commandSections(_ path: [String], _ specification: Specification) -> [[String]] {
        let visible = specification.subcommands.filter { !$0.isHidden }
        var headings: [String] = []
        for command in visible {
            let heading = command.heading ?? "Commands"
            if !headings.contains(heading) { headings.append(heading) }
        }
        let column = column(visible.map(\.name))
        return headings.map { heading in
            let members = visible.filter { ($0.heading ?? "Commands") == heading }
            return section(
                heading.uppercased(),
                members.flatMap { TextWrap.entry($0.name, $0.abstract, column: column, width: width) }
            )
        }
    }

    private func optionSections(_ path: [String], _ specification: Specification) -> [[String]] {
        let own = specification.options.filter { !$0.isHidden }
        let common = grammar.common(at: path).filter { !$0.isHidden }
        let column = column((own + common).map(\.term))
        func lines(_ options: [ParameterDeclaration]) -> [String] {
            options.flatMap { TextWrap.entry($0.term, $0.fullHelp, column: column, width: width) }
        }
        return [section("OPTIONS", lines(own)), section(path.isEmpty ? "OPTIONS" : "COMMON OPTIONS", lines(common))]
    }

    private func examples(_ examples: [Example]) -> [String] {
        examples.flatMap { example in
            ["  " + example.line] + TextWrap.wrap(example.meaning, width: width, indent: 6)
        }
    }

    private func exitStatuses(_ specification: Specification) -> [String] {
        guard !specification.isGroup else { return [] }
        return entries(grammar.exitMeanings(of: specification).map { (String($0.code), $0.meaning) })
    }

    private func pointer(_ path: [String], _ specification: Specification) -> [String] {
        specification.isGroup ? ["See '\(grammar.spelled(path)) <command> --help' for one command."] : []
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : [terminal.styled(title, .bold)] + lines
    }

    private func entries(_ entries: [(term: String, text: String)]) -> [String] {
        let column = column(entries.map(\.term))
        return entries.flatMap { TextWrap.entry($0.term, $0.text, column: column, width: width) }
    }

    /// Where descriptions start: behind the longest term that is not overlong.
    private func column(_ terms: [String]) -> Int {
        let limit = width * 2 / 5
        return (terms.map { DisplayWidth.of($0) + 4 }.filter { $0 <= limit }.max() ?? limit)
    }
}

extension Grammar {
    /// The statuses of a command: its own, then those that any command can have, by code.
    func exitMeanings(of specification: Specification) -> [ExitMeaning] {
        let own = specification.exitStatuses
        let common = exitStatuses.filter { status in !own.contains { $0.code == status.code } }
        return (own + common).sorted { $0.code < $1.code }
    }
}
