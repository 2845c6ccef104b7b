import Testing
import YAML

/// An example of the YAML 1.2 specification, and its tree as JSON. The trees are those that PyYAML 6 composes, every scalar as text.
private struct SpecExample: CustomTestStringConvertible {
    let testDescription: String
    let text: String
    let tree: String

    init(_ name: String, _ text: String, _ tree: String) {
        testDescription = name
        self.text = text
        self.tree = tree
    }

    static let all = [
        SpecExample(
            "2.1 sequence of scalars",
            "- Mark McGwire\n- Sammy Sosa\n- Ken Griffey\n",
            "[\"Mark McGwire\",\"Sammy Sosa\",\"Ken Griffey\"]"),
        SpecExample(
            "2.2 mapping scalars to scalars",
            "hr:  65    # Home runs\navg: 0.278 # Batting average\nrbi: 147   # Runs Batted In\n",
            "{\"hr\":\"65\",\"avg\":\"0.278\",\"rbi\":\"147\"}"),
        SpecExample(
            "2.3 mapping scalars to sequences",
            "american:\n- Boston Red Sox\n- Detroit Tigers\nnational:\n- New York Mets\n- Chicago Cubs\n",
            "{\"american\":[\"Boston Red Sox\",\"Detroit Tigers\"],\"national\":[\"New York Mets\",\"Chicago Cubs\"]}"),
        SpecExample(
            "2.4 sequence of mappings",
            "-\n  name: Mark McGwire\n  hr:   65\n-\n  name: Sammy Sosa\n  hr:   63\n",
            "[{\"name\":\"Mark McGwire\",\"hr\":\"65\"},{\"name\":\"Sammy Sosa\",\"hr\":\"63\"}]"),
        SpecExample(
            "2.5 sequence of sequences",
            "- [name        , hr, avg  ]\n- [Mark McGwire, 65, 0.278]\n",
            "[[\"name\",\"hr\",\"avg\"],[\"Mark McGwire\",\"65\",\"0.278\"]]"),
        SpecExample(
            "2.6 mapping of mappings",
            "Mark McGwire: {hr: 65, avg: 0.278}\nSammy Sosa: {\n    hr: 63,\n    avg: 0.288\n  }\n",
            "{\"Mark McGwire\":{\"hr\":\"65\",\"avg\":\"0.278\"},\"Sammy Sosa\":{\"hr\":\"63\",\"avg\":\"0.288\"}}"),
        SpecExample(
            "2.9 comments and one document start",
            "---\nhr: # 1998 hr ranking\n- Mark McGwire\nrbi:\n  # 1998 rbi ranking\n  - Sammy Sosa\n",
            "{\"hr\":[\"Mark McGwire\"],\"rbi\":[\"Sammy Sosa\"]}"),
        SpecExample(
            "2.10 a node that appears twice",
            "---\nhr:\n  - Mark McGwire\n  # Following node labeled SS\n  - &SS Sammy Sosa\nrbi:\n  - *SS # Subsequent occurrence\n  - Ken Griffey\n",
            "{\"hr\":[\"Mark McGwire\",\"Sammy Sosa\"],\"rbi\":[\"Sammy Sosa\",\"Ken Griffey\"]}"),
        SpecExample(
            "2.12 compact nested mapping",
            "---\n# Products purchased\n- item    : Super Hoop\n  quantity: 1\n- item    : Basketball\n  quantity: 4\n",
            "[{\"item\":\"Super Hoop\",\"quantity\":\"1\"},{\"item\":\"Basketball\",\"quantity\":\"4\"}]"),
        SpecExample(
            "2.13 literals keep newlines",
            "# ASCII Art\n--- |\n  \\//||\\/||\n  // ||  ||__\n",
            "\"\\\\//||\\\\/||\\n// ||  ||__\\n\""),
        SpecExample(
            "2.14 folded newlines become spaces",
            "--- >\n  Mark McGwire's\n  year was crippled\n  by a knee injury.\n",
            "\"Mark McGwire's year was crippled by a knee injury.\\n\""),
        SpecExample(
            "2.15 folded newlines stay around more-indented lines",
            "--- >\n Sammy Sosa completed another\n fine season with great stats.\n\n   63 Home Runs\n   0.288 Batting Average\n\n What a year!\n",
            "\"Sammy Sosa completed another fine season with great stats.\\n\\n  63 Home Runs\\n  0.288 Batting Average\\n\\nWhat a year!\\n\""
        ),
        SpecExample(
            "2.16 indentation determines scope",
            "name: Mark McGwire\naccomplishment: >\n  Mark set a major league\n  home run record in 1998.\nstats: |\n  65 Home Runs\n  0.278 Batting Average\n",
            "{\"name\":\"Mark McGwire\",\"accomplishment\":\"Mark set a major league home run record in 1998.\\n\",\"stats\":\"65 Home Runs\\n0.278 Batting Average\\n\"}"
        ),
        SpecExample(
            "2.17 quoted scalars",
            "unicode: \"Sosa did fine.\\u263A\"\ncontrol: \"\\b1998\\t1999\\t2000\\n\"\nhex esc: \"\\x0d\\x0a is \\r\\n\"\n\nsingle: '\"Howdy!\" he cried.'\nquoted: ' # Not a ''comment''.'\ntie-fighter: '|\\-*-/|'\n",
            "{\"unicode\":\"Sosa did fine.☺\",\"control\":\"\\b1998\\t1999\\t2000\\n\",\"hex esc\":\"\\r\\n is \\r\\n\",\"single\":\"\\\"Howdy!\\\" he cried.\",\"quoted\":\" # Not a 'comment'.\",\"tie-fighter\":\"|\\\\-*-/|\"}"
        ),
        SpecExample(
            "2.18 multi-line flow scalars",
            "plain:\n  This unquoted scalar\n  spans many lines.\n\nquoted: \"So does this\n  quoted scalar.\\n\"\n",
            "{\"plain\":\"This unquoted scalar spans many lines.\",\"quoted\":\"So does this quoted scalar.\\n\"}"),
        SpecExample(
            "2.19 integers keep their text",
            "canonical: 12345\ndecimal: +12,345\noctal: 0o14\nhexadecimal: 0xC\n",
            "{\"canonical\":\"12345\",\"decimal\":\"+12,345\",\"octal\":\"0o14\",\"hexadecimal\":\"0xC\"}"),
        SpecExample(
            "2.21 miscellaneous",
            "null:\nbooleans: [ true, false ]\nstring: '012345'\n",
            "{\"null\":\"\",\"booleans\":[\"true\",\"false\"],\"string\":\"012345\"}"),
        SpecExample(
            "2.28 log file entry",
            "---\nTime: 2001-11-23 15:01:42 -5\nUser: ed\nWarning:\n  This is an error message\n  for the log file\n",
            "{\"Time\":\"2001-11-23 15:01:42 -5\",\"User\":\"ed\",\"Warning\":\"This is an error message for the log file\"}"),
        SpecExample(
            "6.1 indentation spaces in a comment",
            "  # Leading comment line spaces are\n  # neither content nor indentation.\n    \nNot indented:\n By one space: |\n    By four\n      spaces\n Flow style: [    # Leading spaces\n   By two,        # in flow style\n  Also by two,    # are neither\n  Still by two    # content nor\n    ]             # indentation.\n",
            "{\"Not indented\":{\"By one space\":\"By four\\n  spaces\\n\",\"Flow style\":[\"By two\",\"Also by two\",\"Still by two\"]}}"
        ),
        SpecExample(
            "7.4 double quoted implicit keys",
            "'implicit block key' : [\n  'implicit flow key' : value,\n ]\n",
            "{\"implicit block key\":[{\"implicit flow key\":\"value\"}]}"),
        SpecExample(
            "7.5 double quoted line breaks",
            "\"folded \nto a space,\t\n \nto a line feed, or \t\\\n \\ \tnon-content\"\n",
            "\"folded to a space,\\nto a line feed, or \\t \\tnon-content\""),
        SpecExample(
            "8.2 block indentation indicator",
            "- |\n detected\n- >\n \n  \n  # detected\n- |1\n  explicit\n",
            "[\"detected\\n\",\"\\n\\n# detected\\n\",\" explicit\\n\"]"),
        SpecExample(
            "8.4 chomping final line break",
            "strip: |-\n  text\nclip: |\n  text\nkeep: |+\n  text\n",
            "{\"strip\":\"text\",\"clip\":\"text\\n\",\"keep\":\"text\\n\"}"),
        SpecExample(
            "8.20 block node types",
            "-\n  \"flow in block\"\n- >\n Block scalar\n-\n  Block : mapping\n",
            "[\"flow in block\",\"Block scalar\\n\",{\"Block\":\"mapping\"}]"),
    ]
}

@Suite("Examples of the YAML specification")
struct YAMLSpecTests {
    @Test("an example of the specification gives its tree", arguments: SpecExample.all)
    private func example(_ example: SpecExample) throws {
        #expect(json(try YAMLParser.parse(Array(example.text.utf8))) == example.tree)
    }
}

/// A tree as JSON, every scalar as text.
private func json(_ node: Node) -> String {
    switch node.content {
    case .scalar(let text, _): json(text)
    case .sequence(let elements): "[\(elements.map { json($0) }.joined(separator: ","))]"
    case .mapping(let pairs): "{\(pairs.map { "\(json($0.key)):\(json($0.value))" }.joined(separator: ","))}"
    }
}

private func json(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case "\u{8}": result += "\\b"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
