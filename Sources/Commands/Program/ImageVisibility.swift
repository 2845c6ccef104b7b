import Cloud
import Crypto
import Model
import Orchestration

/// Which images the account that acts may see: its own, and those that are shared with it, by the rule of the plane.
struct ImageVisibility {
    private let settings: PlaneSettings
    private let caller: Caller

    init(_ settings: PlaneSettings) {
        self.settings = settings
        caller = settings.directory.caller(.account(settings.account))
    }

    func shows(_ image: ImageRecord) -> Bool {
        isOwn(image)
            || ImageAccess(id: image.id, owner: image.owner, state: image.state, permissions: image.permissions)
                .isVisible(to: caller)
    }

    /// What an account made that `ingot.yaml` no longer names, its first account looks into.
    private func isOwn(_ image: ImageRecord) -> Bool {
        if image.owner == settings.account { return true }
        return settings.account == settings.directory.first.id
            && !settings.directory.accounts.contains { $0.id == image.owner }
    }

    /// Whoever an encrypted image is shared with launches it, which asks its key; here nothing asks the key in the account's name.
    func checkReadable(_ image: ImageRecord) throws(Failure) {
        guard image.key != nil, !isOwn(image) else { return }
        throw Failure(
            .denied, "the image \(image.id) is encrypted and belongs to the account \(image.owner)",
            hint: "launch it, or copy it: `ingot copy` asks its key for the account \(settings.account)")
    }
}

extension CommandContext {
    /// The image that a word means, for reading what is in it, as far as the account that acts may.
    func image(_ word: String, in workspace: Workspace) throws(Failure) -> ImageRecord {
        let image = try shownImage(word, in: workspace)
        try ImageVisibility(settings).checkReadable(image)
        return image
    }

    /// The image that a word means, for telling what it is. One that the account may not see is as good as none.
    func shownImage(_ word: String, in workspace: Workspace) throws(Failure) -> ImageRecord {
        let visibility = ImageVisibility(settings)
        return try ImageSelection(workspace: workspace, region: region, isShown: { visibility.shows($0) }).image(word)
    }

    /// The image that a word means, whoever owns it: for actions of the plane, which asks itself who may do them.
    func anyImage(_ word: String, in workspace: Workspace) throws(Failure) -> ImageRecord {
        try ImageSelection(workspace: workspace, region: region).image(word)
    }
}
