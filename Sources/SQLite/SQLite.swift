// SQLite: one connection, prepared statements, transactions and migrations over libsqlite3.
//
// At any instant at most one connection writes or checkpoints a database file: a write transaction holds `flock` on
// `<database>.lock` from before BEGIN IMMEDIATE until after COMMIT, and checkpoints happen under that lock alone: at commits, and when a
// connection that wrote ends (Debian's 3.40 has the WAL-reset bug, which needs one to write while another checkpoints). A reader is `query_only` and takes no lock.
// A commit is on disk when it returns (WAL, synchronous=FULL). Errors name the statement, never the values.
