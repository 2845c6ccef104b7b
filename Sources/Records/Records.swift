// Records: the vocabulary of Model as columns of SQLite, and SQLite's errors as failures.
//
// What `Cloud` and `Ledger` share: how a digest, an instant or a name is bound and read, and what a full disk or a busy database
// is called from here upwards.
