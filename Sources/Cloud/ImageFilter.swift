import Crypto
import Model

/// Which images to list: all conditions must hold, and a nil or empty one holds always.
package struct ImageFilter: Sendable {
    package var ids: [ImageID]?
    package var recipe: ResourceName?
    package var states: Set<ImageState>
    package var root: Digest?
    package var source: ImageSource?
    /// The token that the image was registered with.
    package var token: String?
    /// The image has all of these tags.
    package var tags: [Tag]

    /// Without arguments: all that are not deregistered.
    package init(
        ids: [ImageID]? = nil, recipe: ResourceName? = nil,
        states: Set<ImageState> = [.pending, .available, .disabled, .failed], root: Digest? = nil, source: ImageSource? = nil,
        token: String? = nil, tags: [Tag] = []
    ) {
        self.ids = ids
        self.recipe = recipe
        self.states = states
        self.root = root
        self.source = source
        self.token = token
        self.tags = tags
    }
}
