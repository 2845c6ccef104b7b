import CSQLite

/// The library as a whole. What it is to do differently it must be told before anything else: from the first call on it refuses.
package enum Library {
    /// Whether the settings were taken.
    package static let isConfigured: Bool = csqlite_configure() == SQLITE_OK

    /// Bytes that the library counts as allocated; 0 while it does not count.
    package static var countedMemory: Int64 { sqlite3_memory_used() }
}
