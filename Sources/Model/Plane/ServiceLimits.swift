/// How many resources an account may have in a region.
package struct ServiceLimits: Hashable, Sendable {
    package var images = 50_000
    package var publicImages = 5
    package var launchPermissionsPerImage = 1_000
    package var snapshots = 100_000
    package var volumes = 5_000
    package var elasticAddresses = 5

    package init() {}

    /// Of adding so many, where there are `count`.
    package static func refusal(_ count: Int, adding more: Int = 1, limit: Int, of noun: String) -> PlaneError? {
        guard count + more > limit else { return nil }
        return PlaneError(
            .resourceLimitExceeded, "You have reached your quota of \(limit) for the number of \(noun) allowed in this Region.")
    }
}
