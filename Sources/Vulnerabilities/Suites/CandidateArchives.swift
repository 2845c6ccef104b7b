import Guest
import Model
import Platform

/// Debian packages in a folder, such as apt's own archives: those of updates that are to come.
package enum CandidateArchives {
    private static let maximumArchive = 256 << 20
    private static let maximumTotal = 1 << 30

    /// All `.deb` files of a folder by their names.
    package static func read(_ folder: String) throws(Failure) -> [PackageArchive] {
        var archives: [PackageArchive] = []
        var total = 0
        for name in Files.names(in: folder).sorted() where name.hasSuffix(".deb") {
            let bytes: [UInt8]
            do throws(SystemError) { bytes = try Files.read("\(folder)/\(name)", limit: maximumArchive) } catch {
                throw Failure(.io, "the package \(folder)/\(name) cannot be read", cause: error)
            }
            total += bytes.count
            guard total <= maximumTotal else { throw Failure(.exhausted, "the packages of \(folder) are larger than a gigabyte") }
            archives.append(try PackageArchive(bytes: bytes, file: name))
        }
        guard !archives.isEmpty else { throw Failure(.notFound, "\(folder) has no .deb files") }
        return archives
    }
}
