// CommandLineKit: commands, options and arguments as declarations, from which parsing, help, completion and suggestions follow.
//
// Written here since the toolchain ships no argument parser and the package takes no dependency. It knows nothing of Ingot.
