extension Shell {
    static let zshTemplate = #"""
        #compdef PROGRAM
        # zsh completion for PROGRAM
        # Install: PROGRAM completions zsh > a folder of $fpath, as _PROGRAM, or add to ~/.zshrc: source <(PROGRAM completions zsh)

        FUNCTION() {
            local candidate meaning paths=
            local -a candidates
            while IFS=$'\t' read -r candidate meaning; do
                case $candidate in
                    :none) ;;
                    :files | :directories) paths=$candidate ;;
                    *) candidates+=("${candidate//:/\\:}${meaning:+:$meaning}") ;;
                esac
            done < <("${words[1]/#\~/$HOME}" __complete -- "${(@)words[2,CURRENT-1]}" "$PREFIX" 2> /dev/null)

            if [[ -n $paths ]]; then
                [[ $PREFIX == --*=* ]] && compset -P '--[^=]#='
                if [[ $paths == :directories ]]; then _files -/; else _files; fi
                return
            fi
            _describe -V PROGRAM candidates
        }

        if [[ ${funcstack[1]} == _PROGRAM ]]; then
            FUNCTION "$@"
        else
            compdef FUNCTION PROGRAM
        fi

        """#
}
