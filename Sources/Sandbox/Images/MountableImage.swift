import ImageStore
import Model
import Platform

extension TreeImageCache {
    /// The file of a tree as programs of this user have it mounted, so that whoever wants it next finds it. Where the tree has owners
    /// that this user cannot map, the file with the owners as they are.
    package func mountableImage(of tree: Tree) throws(Failure) -> TreeImageFile {
        guard Users.effective.id == 0, let range = IdentityRange.ofThisUser() else { return try image(of: tree) }
        do throws(Failure) {
            return try image(of: tree, shift: OwnerShift(offset: range.firstUser, count: IdentityRange.count))
        } catch {
            guard error.code == .invalid else { throw error }
            return try image(of: tree)
        }
    }
}
