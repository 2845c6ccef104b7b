/// How much of one file a scan looks into, and how much it keeps for the next one.
package struct ScanLimits: Sendable {
    /// Contents up to this size are searched in one piece, by parsers and decoders too; larger ones in windows of this size.
    package var window = 8 << 20
    /// What two windows share, so that nothing is cut by the seam.
    package var overlap = 64 << 10
    /// How deep contents lie in one another.
    package var depth = 5
    /// All that comes out of one file's archives, streams and encodings.
    package var unpacked = 1 << 29
    package var members = 100_000
    /// The file of what scans found, in bytes.
    package var results = 256 << 20

    package init() {}
}
