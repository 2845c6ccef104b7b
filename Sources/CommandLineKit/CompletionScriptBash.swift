extension Shell {
    /// Bash 4 or later. Bash cuts words at `=` and `:` and expects only what follows the cut, so the words are put together from the line
    /// first, and the part before the cut is taken off the candidates.
    static let bashTemplate = #"""
        # bash completion for PROGRAM
        # Install: PROGRAM completions bash > /etc/bash_completion.d/PROGRAM, or add to ~/.bashrc: source <(PROGRAM completions bash)

        FUNCTION() {
            local rest=${COMP_LINE:0:COMP_POINT} index piece trimmed
            local -a words=()
            for ((index = 0; index <= COMP_CWORD; index++)); do
                trimmed=${rest#"${rest%%[![:space:]]*}"}
                piece=${COMP_WORDS[index]}
                ((index == COMP_CWORD)) && piece=$trimmed
                if [[ ${#words[@]} -eq 0 || $trimmed != "$rest" ]]; then
                    words+=("$piece")
                else
                    words[${#words[@]} - 1]+=$piece
                fi
                rest=${trimmed#"$piece"}
            done

            local word=${words[${#words[@]} - 1]} kept= mark head
            for mark in = :; do
                [[ $COMP_WORDBREAKS == *"$mark"* && $word == *"$mark"* ]] || continue
                head=${word%"${word##*"$mark"}"}
                ((${#head} > ${#kept})) && kept=$head
            done

            local option= path=$word candidate meaning
            [[ $word == --*=* ]] && option=${word%%=*}= path=${word#*=}
            COMPREPLY=()
            while IFS=$'\t' read -r candidate meaning; do
                case $candidate in
                    :none) ;;
                    :files | :directories)
                        local kind=-f
                        [[ $candidate == :directories ]] && kind=-d
                        compopt -o filenames 2> /dev/null
                        while IFS= read -r candidate; do
                            candidate=$option$candidate
                            COMPREPLY+=("${candidate#"$kept"}")
                        done < <(compgen "$kind" -- "$path")
                        ;;
                    *)
                        printf -v candidate %q "${candidate#"$kept"}"
                        COMPREPLY+=("$candidate")
                        ;;
                esac
            done < <("${1/#\~/$HOME}" __complete -- "${words[@]:1}" 2> /dev/null)
        }

        complete -F FUNCTION PROGRAM

        """#
}
