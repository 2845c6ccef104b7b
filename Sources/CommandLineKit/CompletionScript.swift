/// The shells for which there is a completion script.
package enum Shell: String, ArgumentChoice {
    case bash
    case zsh
    case fish

    /// The word after the program's name with which the scripts ask for candidates: `PROGRAM __complete -- WORD...`.
    package static let callback = "__complete"

    /// The script to be sourced, or installed where the shell looks for completions.
    /// - Parameter program: the name of the executable: letters, digits, `-` and `_`.
    package func completionScript(program: String) -> String {
        let template =
            switch self {
            case .bash: Self.bashTemplate
            case .zsh: Self.zshTemplate
            case .fish: Self.fishTemplate
            }
        let function = String(program.map { $0 == "-" ? "_" : $0 })
        return template.replacing("PROGRAM", with: program).replacing("FUNCTION", with: "_\(function)_complete")
    }
}
