import Glibc

/// Who runs this process.
package enum Users {
    package struct User: Sendable, Equatable {
        package let id: UInt32
        package let group: UInt32
        /// The number where the system knows no name.
        package let name: String
    }

    package static var effective: User {
        let id = geteuid()
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        let status = unsafe getpwuid_r(id, &entry, &buffer, buffer.count, &found)
        guard status == 0, unsafe found != nil else { return User(id: id, group: getegid(), name: "\(id)") }
        return User(id: id, group: getegid(), name: unsafe String(cString: entry.pw_name))
    }
}
