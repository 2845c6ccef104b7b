// PCRE2: whether a text has a piece that a regular expression describes, within limits of work and memory.
//
// The dialect is RE2's: what PCRE2 has beyond it (looking around, references back, recursion, atomic and conditional groups, verbs,
// possessive quantifiers) is refused, so that a pattern means here what it means to a program that uses RE2.
