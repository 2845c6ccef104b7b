// Components runs AWSTOE component documents (schema 1.0, "Use the AWSTOE component document framework" in the Image Builder user
// guide) on a tree.
//
// A document goes through three forms. `Documents` reads the text into a `ComponentDocument`: checked whole, with every error at its
// place, and with the templates in it still unrendered. `Engine` runs phases and steps in order: it decides on conditions, renders
// the templates (`Expressions`), repeats loops and attempts, and writes the report. `Actions` do the work of one step, one file each:
// those on files edit the tree; those that run programs have a `ProgramRunner` for it.
