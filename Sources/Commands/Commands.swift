// Commands: one file a command. A command parses its arguments, calls the engine and renders the answer; it decides nothing.
