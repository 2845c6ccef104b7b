/// Bounds on what one entry may hold, so that a hostile archive is refused before it fills the memory.
package struct ArchiveLimits: Sendable, Equatable {
    /// Longest path, symbolic link target or hard link target, in bytes. Linux allows 4095.
    package var pathLength: Int
    package var attributeCount: Int
    /// Longest attribute value, in bytes. Linux allows 65,536.
    package var attributeSize: Int
    /// All names and values of one entry's attributes together, in bytes.
    package var attributesTotal: Int
    /// Most pieces of a sparse file.
    package var dataRangeCount: Int

    package init(
        pathLength: Int = 4096, attributeCount: Int = 128, attributeSize: Int = 65_536, attributesTotal: Int = 1 << 20,
        dataRangeCount: Int = 1 << 20
    ) {
        self.pathLength = pathLength
        self.attributeCount = attributeCount
        self.attributeSize = attributeSize
        self.attributesTotal = attributesTotal
        self.dataRangeCount = dataRangeCount
    }

    package static let standard = ArchiveLimits()
}
