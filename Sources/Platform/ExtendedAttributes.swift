import CLinux
import Glibc

/// Extended attributes of a file on the host, of the link itself where it is one.
package enum ExtendedAttributes {
    /// All attributes that the caller may read, sorted by name; none where the filesystem has none.
    package static func read(_ path: [UInt8]) throws(SystemError) -> [(name: [UInt8], value: [UInt8])] {
        let list = try names(path)
        var result: [(name: [UInt8], value: [UInt8])] = []
        for name in list.split(separator: 0).map(Array.init).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            if let value = try value(path, name) { result.append((name, value)) }
        }
        return result
    }

    package static func set(_ path: [UInt8], name: [UInt8], value: [UInt8]) throws(SystemError) {
        try retrying("lsetxattr", String(decoding: path + [0x20] + name, as: UTF8.self)) {
            unsafe withCPath(path) { path in
                unsafe withCPath(name) { name in unsafe clinux_lsetxattr(path, name, value, value.count) }
            }
        }
    }

    /// The kernel's limit for a list of names and for a value is 64 KiB.
    private static let limit = 65_536

    private static func names(_ path: [UInt8]) throws(SystemError) -> [UInt8] {
        let size = unsafe withCPath(path) { unsafe clinux_llistxattr($0, nil, 0) }
        if size == 0 || (size < 0 && (errno == ENOTSUP || errno == ENOSYS)) { return [] }
        var list = [CChar](repeating: 0, count: limit)
        let got = try retrying("llistxattr", String(decoding: path, as: UTF8.self)) {
            unsafe withCPath(path) { unsafe clinux_llistxattr($0, &list, list.count) }
        }
        return list.prefix(got).map { UInt8(bitPattern: $0) }
    }

    private static func value(_ path: [UInt8], _ name: [UInt8]) throws(SystemError) -> [UInt8]? {
        var value = [UInt8](repeating: 0, count: limit)
        let got = unsafe withCPath(path) { path in
            unsafe withCPath(name) { name in unsafe clinux_lgetxattr(path, name, &value, value.count) }
        }
        if got < 0 {
            if errno == ENODATA { return nil }
            throw SystemError("lgetxattr", String(decoding: path + [0x20] + name, as: UTF8.self))
        }
        return Array(value.prefix(got))
    }
}
