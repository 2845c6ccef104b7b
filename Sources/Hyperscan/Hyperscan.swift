// Hyperscan: thousands of literals over bytes in one pass, by libhs (Hyperscan, or Vectorscan where that is what the system has). It
// knows no secrets and no images.
//
// A set of literals becomes a database once; the database is read only and shared by all threads. What a scan needs beside it is a
// `ScanSpace`, of which each thread has one. Compiling takes tenths of a second for some hundred literals, so a database can be written
// out and read back: by the same version of the library, on a machine with the same processor features.
import CHyperscan

package enum Hyperscan {
    /// The version of the library, such as `5.4.0 2022-08-19`.
    package static var version: String { unsafe String(cString: hs_version()) }

    /// Whether this processor can run the library: on x86 it needs SSSE3.
    package static var isSupported: Bool { hs_valid_platform() == HS_SUCCESS }
}

/// Why libhs did not do what it was asked.
package struct HyperscanError: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }

    init(_ operation: String, _ code: hs_error_t) {
        let reason =
            switch code {
            case HS_INVALID: "a parameter is not allowed"
            case HS_NOMEM: "there is no memory"
            case HS_DB_VERSION_ERROR: "the database is of another version of the library"
            case HS_DB_PLATFORM_ERROR: "the database is of another kind of processor"
            case HS_DB_MODE_ERROR: "the database is for another mode of scanning"
            case HS_ARCH_ERROR: "this processor lacks SSSE3"
            case HS_SCRATCH_IN_USE: "the scratch space is in use"
            default: "error \(code)"
            }
        self.init("\(operation): \(reason)")
    }
}
