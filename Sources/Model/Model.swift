// Model: the vocabulary of Ingot as pure values and pure rules.
//
// Versions, names, tags, states, schedules, retention, and `Failure`, the one error type from here upwards. Nothing in this
// module touches a file or a clock.
