import ImageStore
import Model

/// One record of `/etc/passwd`.
package struct Account: Hashable, Sendable {
    /// As the file has it; no encoding is promised.
    package let name: [UInt8]
    package let uid: UInt32
    package let gid: UInt32
    /// As the file has it: it may be empty, relative, or hold `..`.
    package let home: [UInt8]
    package let shell: [UInt8]

    /// For people; bytes that are not UTF-8 are shown replaced.
    package var displayName: String { String(decoding: name, as: UTF8.self) }

    /// Reads the records that have an account's seven fields and numeric ids.
    package static func all(in passwd: ColonTable) -> [Account] {
        passwd.records.compactMap { fields in
            guard fields.count == 7, let uid = UInt32(decimal: fields[2]), let gid = UInt32(decimal: fields[3]) else {
                return nil
            }
            return Account(name: fields[0], uid: uid, gid: gid, home: fields[5], shell: fields[6])
        }
    }

    /// The accounts of an image; none where it has no `/etc/passwd`.
    package static func all(in view: any TreeView) throws(Failure) -> [Account] {
        guard let node = try view.resolvedNode("/etc/passwd"), node.content != nil else { return [] }
        return all(in: ColonTable(try view.read("/etc/passwd") ?? []))
    }
}

extension FixedWidthInteger where Self: UnsignedInteger {
    /// Decimal digits only: no sign, no blanks, no overflow.
    init?(decimal bytes: [UInt8]) {
        guard !bytes.isEmpty, bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        self.init(String(decoding: bytes, as: UTF8.self))
    }
}
