import CSQLite

/// The bytes of a database that somebody else wrote, in memory: for reading databases out of images, without a file on this machine.
///
/// The bytes are hostile. Views, triggers and untrusted functions of the schema are off, values have a limit, and all queries together
/// may take no more than a number of steps of SQLite's machine.
@safe
package struct DatabaseImage: ~Copyable {
    /// No value of a row may be larger.
    package static let maximumValue = 64 << 20
    /// Each about a hundred instructions of SQLite's virtual machine: a few seconds.
    private static let maximumRounds = 20_000_000

    /// Nil once SQLite owns it.
    private var memory: UnsafeMutableRawPointer?
    package let size: Int
    private let name: String

    /// `size` zeros. `name` stands for the file in errors.
    package init(size: Int, name: String) throws(SQLiteError) {
        _ = Library.isConfigured
        guard size > 0, let memory = unsafe sqlite3_malloc64(UInt64(size)) else {
            throw SQLiteError(.other, path: name, size > 0 ? "no memory for \(size) bytes" : "the file is empty")
        }
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        unsafe self.memory = memory
        self.size = size
        self.name = name
    }

    deinit { unsafe sqlite3_free(memory) }

    /// Puts bytes at a place; what would lie beyond the end is left out.
    package mutating func put(_ bytes: ArraySlice<UInt8>, at offset: Int) {
        guard offset >= 0, offset < size else { return }
        unsafe bytes.prefix(size - offset).withUnsafeBytes {
            guard let memory = unsafe memory, let start = $0.baseAddress else { return }
            unsafe (memory + offset).copyMemory(from: start, byteCount: $0.count)
        }
    }

    /// A session that reads the database.
    package consuming func open() throws(SQLiteError) -> Session {
        // The versions of the file format: 2 asks for a write-ahead log, which a database in memory cannot have.
        put([1, 1], at: 18)
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let result = unsafe sqlite3_open_v2(":memory:", &opened, flags, nil)
        guard result == SQLITE_OK, let database = unsafe opened else {
            let error = unsafe SQLiteError.of(opened, result, path: name)
            unsafe sqlite3_close_v2(opened)
            throw error
        }
        let session = unsafe Session(owning: database, path: name)
        // From here on the memory is SQLite's, also where this fails.
        let options = UInt32(SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY)
        let bytes = unsafe memory?.assumingMemoryBound(to: UInt8.self)
        unsafe memory = nil
        let taken = unsafe sqlite3_deserialize(database, "main", bytes, Int64(size), Int64(size), options)
        guard taken == SQLITE_OK, unsafe csqlite_distrust(database) == SQLITE_OK else {
            throw unsafe SQLiteError.of(database, taken, path: name)
        }
        unsafe Self.limit(database)
        return session
    }

    private static func limit(_ database: OpaquePointer) {
        unsafe sqlite3_limit(database, SQLITE_LIMIT_LENGTH, Int32(maximumValue))
        unsafe sqlite3_limit(database, SQLITE_LIMIT_COLUMN, 100)
        // The count of rounds lives as long as the database: it is the client data of a function that nobody calls.
        let rounds = UnsafeMutablePointer<Int>.allocate(capacity: 1)
        unsafe rounds.initialize(to: 0)
        unsafe sqlite3_create_function_v2(
            database, "ingot_rounds", 0, SQLITE_UTF8, rounds, { _, _, _ in }, nil, nil,
            { unsafe $0?.assumingMemoryBound(to: Int.self).deallocate() })
        unsafe sqlite3_progress_handler(
            database, 100,
            { context in
                guard let rounds = unsafe context?.assumingMemoryBound(to: Int.self) else { return 1 }
                unsafe rounds.pointee += 1
                return unsafe rounds.pointee > DatabaseImage.maximumRounds ? 1 : 0
            }, rounds)
    }
}
