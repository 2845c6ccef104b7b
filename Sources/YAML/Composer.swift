/// Composes the events of one document to a tree, within limits.
struct Composer: ~Copyable {
    private struct Anchor {
        var node: Node
        /// How many nodes it expands to.
        var size: Int
        /// How many levels of lists and mappings it holds, itself included.
        var height: Int
    }

    private let source: SourceText
    private let limits: YAMLParser.Limits
    private var reader: EventReader
    private var anchors: [String: Anchor] = [:]
    /// Anchors whose nodes are still being read: an alias to one would make the tree endless.
    private var open: Set<String> = []
    private var aliases = 0
    /// The deepest level reached in the node that is being read.
    private var deepest = 0
    private var nodes = 0
    /// Errors after which reading could go on.
    private(set) var problems: [YAMLError] = []

    init(source: SourceText, limits: YAMLParser.Limits) {
        self.source = source
        self.limits = limits
        reader = EventReader(source.bytes)
    }

    mutating func document() throws(YAMLError) -> Node {
        _ = try next()
        let first = try next()
        guard case .documentStart = first.kind else { throw YAMLError("the document is empty", at: .start) }
        let root = try node(from: try next(), depth: 0)
        _ = try next()
        let last = try next()
        guard case .streamEnd = last.kind else {
            throw YAMLError("a second document starts here", at: mark(last), hint: "write one document a file")
        }
        return root
    }

    private mutating func next() throws(YAMLError) -> Event {
        do throws(YAMLError) {
            return try reader.next()
        } catch {
            throw YAMLError(error.message, at: source.mark(at: error.mark.offset))
        }
    }

    private func mark(_ event: Event) -> Mark { source.mark(at: event.offset) }

    private mutating func node(from event: Event, depth: Int) throws(YAMLError) -> Node {
        let mark = mark(event)
        if case .alias(let name) = event.kind { return try alias(name, at: mark, depth: depth) }
        try count(1, at: mark)
        if let tag = event.tag { refuse(tag: tag, at: mark) }
        let sizeBefore = nodes - 1
        let deepestBefore = deepest
        deepest = depth
        if let anchor = event.anchor { open.insert(anchor) }
        let result = Node(try content(of: event, depth: depth), at: mark)
        if let anchor = event.anchor {
            open.remove(anchor)
            anchors[anchor] = Anchor(node: result, size: nodes - sizeBefore, height: deepest - depth)
        }
        deepest = max(deepest, deepestBefore)
        return result
    }

    private mutating func content(of event: Event, depth: Int) throws(YAMLError) -> Node.Content {
        if case .scalar(let text, let style) = event.kind { return .scalar(text, style) }
        try descend(to: depth + 1, at: mark(event))
        if case .sequenceStart = event.kind { return .sequence(try elements(depth: depth + 1)) }
        return .mapping(try pairs(depth: depth + 1))
    }

    private mutating func descend(to level: Int, at mark: Mark) throws(YAMLError) {
        guard level <= limits.depth else {
            throw YAMLError("lists and mappings stand more than \(limits.depth) deep in each other", at: mark)
        }
        deepest = max(deepest, level)
    }

    private mutating func elements(depth: Int) throws(YAMLError) -> [Node] {
        var result: [Node] = []
        while true {
            let event = try next()
            if case .sequenceEnd = event.kind { return result }
            result.append(try node(from: event, depth: depth))
        }
    }

    private mutating func pairs(depth: Int) throws(YAMLError) -> [(key: Node, value: Node)] {
        var result: [(key: Node, value: Node)] = []
        var seen: [String: Mark] = [:]
        while true {
            let event = try next()
            if case .mappingEnd = event.kind { return result }
            let key = try node(from: event, depth: depth)
            let value = try node(from: try next(), depth: depth)
            guard accept(key, seen: &seen) else { continue }
            result.append((key, value))
        }
    }

    /// Whether a key may stand here; says why not.
    private mutating func accept(_ key: Node, seen: inout [String: Mark]) -> Bool {
        guard case .scalar(let text, let style) = key.content else {
            let hint = key.pairs == nil ? nil : "put a text that begins with '{' in quotes"
            problems.append(YAMLError("a key must be text, this is \(key.kind)", at: key.mark, hint: hint))
            return false
        }
        if text == "<<" && style == .plain {
            problems.append(YAMLError("merge keys ('<<') are not supported", at: key.mark, hint: "write the keys out"))
            return false
        }
        if let first = seen[text] {
            let place = "line \(first.line), column \(first.column)"
            problems.append(YAMLError("duplicate key '\(text)', first written at \(place)", at: key.mark))
            return false
        }
        seen[text] = key.mark
        return true
    }

    private mutating func alias(_ name: String, at mark: Mark, depth: Int) throws(YAMLError) -> Node {
        aliases += 1
        guard aliases <= limits.aliases else { throw YAMLError("more than \(limits.aliases) aliases", at: mark) }
        guard !open.contains(name) else { throw YAMLError("the alias '*\(name)' stands within what it names", at: mark) }
        guard let anchor = anchors[name] else {
            throw YAMLError(
                "the alias '*\(name)' names no anchor above it", at: mark, hint: "put a text that begins with '*' in quotes")
        }
        try descend(to: depth + anchor.height, at: mark)
        try count(anchor.size, at: mark)
        return Node(anchor.node.content, at: mark)
    }

    private mutating func count(_ more: Int, at mark: Mark) throws(YAMLError) {
        nodes += more
        guard nodes <= limits.nodes else {
            throw YAMLError("the document has more than \(limits.nodes) values, aliases expanded", at: mark)
        }
    }

    private mutating func refuse(tag: String, at mark: Mark) {
        let core = "tag:yaml.org,2002:"
        let written = tag.hasPrefix(core) ? "!!" + tag.dropFirst(core.count) : tag
        problems.append(YAMLError("tags ('\(written)') are not supported", at: mark, hint: "leave the tag out"))
    }
}
