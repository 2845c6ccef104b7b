extension Shell {
    static let fishTemplate = #"""
        # fish completion for PROGRAM
        # Install: PROGRAM completions fish > ~/.config/fish/completions/PROGRAM.fish

        function FUNCTION
            set -l words (commandline -opc)
            set -l word (commandline -ct)
            set -l program (string replace -r '^~' -- $HOME $words[1])
            for line in ($program __complete -- $words[2..] "$word" 2> /dev/null)
                switch $line
                    case ':none'
                    case ':files' ':directories'
                        set -l option ''
                        set -l path $word
                        if string match -q -- '--*=*' $word
                            set option (string replace -r -- '=.*' '=' $word)
                            set path (string replace -r -- '^[^=]*=' '' $word)
                        end
                        if test $line = ':directories'
                            printf '%s\n' $option(__fish_complete_directories "$path" '')
                        else
                            printf '%s\n' $option(__fish_complete_path "$path" '')
                        end
                    case '*'
                        printf '%s\n' $line
                end
            end
        end

        complete -c PROGRAM -f -a '(FUNCTION)'

        """#
}
