// Secrets: finds credentials in bytes, files, archives and trees.
//
// Selective literals first, exact rules at their hits, parsers for the files that machine images really hold. A finding names path,
// line and rule, and never the secret. All input is hostile.
