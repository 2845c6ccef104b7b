// SQLite: one connection, prepared statements, transactions and migrations over libsqlite3.
//
// One connection of a process writes and checkpoints a database file; all others are `query_only` (Debian's 3.40 has the
// WAL-reset bug, which needs a writer and a checkpointer on two connections). Errors name the statement, never the values.
