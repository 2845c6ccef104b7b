import Crypto
import ImageStore
import Model
import Platform

/// A folder of mountable files of trees, each made once and used as long as there is room. It may be deleted at any time.
///
/// A file is locked by flock(2), shared, while it is used, and alone, while it is written; nothing that is locked is removed. A file
/// is written under another name and renamed when it is whole, so processes need not know of each other: two that make the same
/// file at the same time both do, and one of them is kept.
package final class TreeImageCache: Sendable {
    private let folder: String
    private let budget: Int
    private let environment: Environment
    private let boot: String

    /// `budget` is in bytes on the disk. `boot` names the start of the machine; where the kernel has no name for it, no file outlives
    /// this cache.
    package init(
        _ folder: String, budget: Int = 16 << 30, environment: Environment, boot: String? = nil
    ) throws(Failure) {
        self.folder = folder
        self.budget = budget
        self.environment = environment
        do throws(SystemError) {
            if let boot = boot ?? TreeImageStamp.currentBoot() {
                self.boot = boot
            } else {
                self.boot = try environment.token()
            }
            // Nobody else may come to the files; each can be read by fuse2fs, which is another user but gets it opened.
            try Files.makeFolders(folder, permissions: 0o700)
        } catch { throw Failure(.io, "the cache folder \(folder) cannot be made", cause: error) }
    }

    /// The file of a tree, made where it is not there or not whole.
    package func image(of tree: Tree, shift: OwnerShift = .none) throws(Failure) -> TreeImageFile {
        let image = TreeImage(tree, shift: shift, environment: environment)
        let path = "\(folder)/\(tree.root.hex)-\(shift.offset)\(Self.suffix)"
        do throws(SystemError) {
            if let file = try open(path, image) { return file }
        } catch { throw Failure(.io, "the file \(path) cannot be read", cause: error) }
        let file = try make(path, image)
        try trim(to: budget)
        return file
    }

    // MARK: Using

    private static let suffix = ".ext4"
    private static let partialSuffix = ".partial"

    private func open(_ path: String, _ image: TreeImage) throws(SystemError) -> TreeImageFile? {
        do throws(SystemError) {
            let file = try FileDescriptor.open(path, .read)
            // Who holds it alone is about to remove it. And where it was removed before it was locked, the next one would not find it.
            guard try file.tryLock(shared: true), try Self.isNamed(file), try TreeImageStamp.isValid(file, image, boot: boot)
            else {
                return nil
            }
            try file.setTimes(accessed: environment.now(), modified: TreeImageStamp.modified)
            return TreeImageFile(file, path: path)
        } catch {
            if error.isNotFound { return nil }
            throw error
        }
    }

    /// Whether the file still has the name by which it was opened.
    private static func isNamed(_ file: borrowing FileDescriptor) throws(SystemError) -> Bool {
        guard let named = try? Files.status(file.path) else { return false }
        let status = try file.status()
        return status.inode == named.inode && status.device == named.device
    }

    // MARK: Making

    private func make(_ path: String, _ image: TreeImage) throws(Failure) -> TreeImageFile {
        let partial: FileDescriptor
        do throws(SystemError) { partial = try createLocked(for: path) } catch { throw Self.failure(error, path) }
        do throws(Failure) {
            try image.write(to: partial)
            return try publish(partial, as: path, image)
        } catch {
            try? Files.remove(partial.path)
            throw error
        }
    }

    /// A new file under a name of its own, locked so that no other process takes it for left over.
    private func createLocked(for path: String) throws(SystemError) -> FileDescriptor {
        while true {
            let name = "\(path).\(try environment.token())\(Self.partialSuffix)"
            let file = try FileDescriptor.open(name, .create, permissions: 0o644)
            if try file.tryLock(shared: true), try Self.isNamed(file) { return file }
        }
    }

    /// Gives the whole file its name. Where another process was faster its file is used; where what has the name is not whole, it is
    /// replaced, and whoever still uses it keeps it open.
    private func publish(_ partial: borrowing FileDescriptor, as path: String, _ image: TreeImage) throws(Failure)
        -> TreeImageFile
    {
        do throws(SystemError) {
            try stamp(partial, image)
            if let faster = try open(path, image) {
                try Files.remove(partial.path)
                return faster
            }
            let reader = try FileDescriptor.open(partial.path, .read)
            guard try reader.tryLock(shared: true) else { throw SystemError("flock", partial.path, errno: 11) }
            try environment.failpoint("images.rename")
            try Files.rename(partial.path, to: path)
            return TreeImageFile(reader, path: path)
        } catch { throw Self.failure(error, path) }
    }

    private func stamp(_ file: borrowing FileDescriptor, _ image: TreeImage) throws(SystemError) {
        let bytes = try TreeImageStamp.bytes(image, boot: boot, file)
        try file.seek(to: try file.size())
        try file.write(bytes)
        try file.setTimes(accessed: environment.now(), modified: TreeImageStamp.modified)
    }

    private static func failure(_ error: SystemError, _ path: String) -> Failure {
        Failure(error.isNoSpace ? .exhausted : .io, "the mountable file \(path) cannot be written", cause: error)
    }

    // MARK: Room

    /// Removes files that nobody uses, those first whose last use is longest ago, until the rest takes at most so many bytes of the
    /// disk; and what writers that were killed left.
    package func trim(to bytes: Int) throws(Failure) {
        do throws(SystemError) {
            var files: [(path: String, status: Files.Status)] = []
            for name in Files.names(in: folder) {
                let path = "\(folder)/\(name)"
                if name.hasSuffix(Self.partialSuffix) { _ = try removeUnused(path) }
                guard name.hasSuffix(Self.suffix), let status = try? Files.status(path) else { continue }
                files.append((path, status))
            }
            var total = files.reduce(0) { $0 + $1.status.allocated }
            for file in files.sorted(by: { ($0.status.accessed, $0.path) < ($1.status.accessed, $1.path) }) where total > bytes {
                if try removeUnused(file.path) { total -= file.status.allocated }
            }
        } catch { throw Failure(.io, "the cache folder \(folder) cannot be trimmed", cause: error) }
    }

    private func removeUnused(_ path: String) throws(SystemError) -> Bool {
        do throws(SystemError) {
            let file = try FileDescriptor.open(path, .read)
            guard try file.tryLock(shared: false), try Self.isNamed(file) else { return false }
            try Files.remove(path)
            return true
        } catch {
            if error.isNotFound { return false }
            throw error
        }
    }
}
