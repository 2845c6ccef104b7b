import Glibc

/// Makes an empty database file whose name survives a power cut: the file, then its directory, are flushed before anything
/// is committed to it. SQLite itself flushes the directory for its journals only.
///
/// The empty file is made under another name and renamed: closing any descriptor of a database file would drop the POSIX locks
/// that another connection of this process holds on it.
enum NewDatabase {
    static func create(path: String) throws(SQLiteError) {
        let temporary = path + ".new"
        try makeEmptyFile(temporary, path: path)
        guard unsafe rename(temporary, path) == 0 else {
            throw SQLiteError.of(errno, path: path, "the new database file cannot be renamed")
        }
        try flushDirectory(of: path)
    }

    static func exists(path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0
    }

    private static func makeEmptyFile(_ temporary: String, path: String) throws(SQLiteError) {
        let file = unsafe open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw SQLiteError.of(errno, path: path, "the database file cannot be made") }
        defer { close(file) }
        guard fsync(file) == 0 else { throw SQLiteError.of(errno, path: path, "the new database file cannot be flushed") }
    }

    private static func flushDirectory(of path: String) throws(SQLiteError) {
        let end = path.lastIndex(of: "/")
        let name = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let directory = unsafe open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw SQLiteError.of(errno, path: path, "its directory cannot be opened") }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw SQLiteError.of(errno, path: path, "its directory cannot be flushed") }
    }
}
