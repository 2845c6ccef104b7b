/// Access control lists of POSIX. The kernel shows a version in four bytes, then for each entry a tag and rights of two bytes and an id of four,
/// all with the lowest byte first; entries for no certain user or group have an id of four bytes 0xFF. ext4 keeps the same under the version 1,
/// and leaves out ids that are none.
enum AccessControlList {
    private static let stored: [UInt8] = [1, 0, 0, 0]
    private static let shown: [UInt8] = [2, 0, 0, 0]
    private static let noID: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]

    /// The tags of entries for a certain user or group.
    private static let named: Set<UInt8> = [0x02, 0x08]
    private static let tags: Set<UInt8> = [0x01, 0x02, 0x04, 0x08, 0x10, 0x20]

    /// A list as it is stored, as the kernel shows it; nil where it is damaged.
    static func asKernelShows(_ value: [UInt8]) -> [UInt8]? {
        guard value.starts(with: stored) else { return nil }
        var result = shown
        var position = stored.count
        while position < value.count {
            guard position + 4 <= value.count, tags.contains(value[position]), value[position + 1] == 0 else { return nil }
            let hasID = named.contains(value[position])
            let end = position + (hasID ? 8 : 4)
            guard end <= value.count else { return nil }
            result += value[position..<end]
            if !hasID { result += noID }
            position = end
        }
        return result
    }
}
