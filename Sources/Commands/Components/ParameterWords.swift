/// The words of `--parameters`, as AWSTOE takes them: `name1=value1,name2=value2`.
///
/// Values may hold commas, which AWSTOE's page says nothing about: a comma parts two pairs only where a name and an equals sign follow it,
/// and never behind a backslash. So `packages=nginx,curl` is one pair, and `query=a\,b=c` is too.
package enum ParameterWords {
    /// `name=value` each, without the backslashes before commas.
    package static func pairs(_ word: String) -> [String] {
        var pairs: [String] = []
        var pair = ""
        var rest = word[...]
        while let character = rest.popFirst() {
            if character == "\\", rest.first == "," {
                pair.append(rest.removeFirst())
            } else if character == ",", beginsPair(rest) {
                pairs.append(pair)
                pair = ""
            } else {
                pair.append(character)
            }
        }
        return pairs + [pair]
    }

    /// Whether a name of a parameter and an equals sign come first.
    private static func beginsPair(_ text: Substring) -> Bool {
        let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" || $0 == ".") }
        return !name.isEmpty && text[name.endIndex...].first == "="
    }
}
