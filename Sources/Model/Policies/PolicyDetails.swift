/// What a lifecycle policy does, under AWS's names. What is not given stays nil; `PolicyDetails.complete` says what that means.
package struct PolicyDetails: Hashable, Sendable, Codable {
    package var type: PolicyType?
    package var resourceTypes: [ResourceType]?
    package var resourceLocations: [String]?
    /// A resource that has one of them is meant.
    package var targetTags: [Tag]?
    package var schedules: [PolicySchedule]?
    package var parameters: Parameters?
    package var language: String?
    // Of default policies alone.
    package var resourceType: ResourceType?
    /// Days.
    package var createInterval: Int?
    package var retainInterval: Int?
    package var copiesTags: Bool?
    package var copyTargets: [CopyTarget]?
    package var extendDeletion: Bool?
    package var exclusions: Exclusions?

    package init() {}

    package enum PolicyType: String, Sendable, Codable, CaseIterable {
        case snapshots = "EBS_SNAPSHOT_MANAGEMENT"
        case images = "IMAGE_MANAGEMENT"
        case events = "EVENT_BASED_POLICY"
    }

    package enum ResourceType: String, Sendable, Codable, CaseIterable {
        case volume = "VOLUME"
        case instance = "INSTANCE"
    }

    /// Of policies on instances.
    package struct Parameters: Hashable, Sendable, Codable {
        package var excludesBootVolume: Bool?
        /// Of images; true where it is not given.
        package var isWithoutReboot: Bool?
        /// Data volumes with one of these are left out.
        package var excludedDataVolumeTags: [Tag]?

        package init(
            excludesBootVolume: Bool? = nil, isWithoutReboot: Bool? = nil, excludedDataVolumeTags: [Tag]? = nil
        ) {
            self.excludesBootVolume = excludesBootVolume
            self.isWithoutReboot = isWithoutReboot
            self.excludedDataVolumeTags = excludedDataVolumeTags
        }

        private enum CodingKeys: String, CodingKey {
            case excludesBootVolume = "ExcludeBootVolume"
            case isWithoutReboot = "NoReboot"
            case excludedDataVolumeTags = "ExcludeDataVolumeTags"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case type = "PolicyType"
        case resourceTypes = "ResourceTypes"
        case resourceLocations = "ResourceLocations"
        case targetTags = "TargetTags"
        case schedules = "Schedules"
        case parameters = "Parameters"
        case language = "PolicyLanguage"
        case resourceType = "ResourceType"
        case createInterval = "CreateInterval"
        case retainInterval = "RetainInterval"
        case copiesTags = "CopyTags"
        case copyTargets = "CrossRegionCopyTargets"
        case extendDeletion = "ExtendDeletion"
        case exclusions = "Exclusions"
    }

    /// With what AWS adds: snapshots in the cloud, in the standard language.
    package var complete: PolicyDetails {
        if isDefault { return completeDefault }
        var details = self
        details.type = type ?? .snapshots
        details.resourceLocations = resourceLocations ?? ["CLOUD"]
        details.language = language ?? "STANDARD"
        if details.type == .images { details.resourceTypes = resourceTypes ?? [.instance] }
        return details
    }

    package var isOfImages: Bool { type == .images }
    /// Whether snapshots are taken of single volumes.
    package var isOfVolumes: Bool { (resourceType ?? resourceTypes?.first) == .volume }
    /// Its own, or what a default policy does as one.
    package var allSchedules: [PolicySchedule] { isDefault ? [defaultSchedule] : schedules ?? [] }
}

/// One schedule of a policy: when something is made, how it is tagged, how long it stays and where it is copied to.
package struct PolicySchedule: Hashable, Sendable, Codable {
    package var name: String?
    package var copiesTags: Bool?
    package var tagsToAdd: [Tag]?
    /// The values are `$(instance-id)` or `$(timestamp)`.
    package var variableTags: [Tag]?
    package var creation: Creation?
    package var retention: Retention?
    /// Of images.
    package var deprecation: Retention?
    package var copies: [RegionCopy]?
    /// Of snapshots, as is the archive.
    package var shares: [Share]?
    package var archive: Archive?

    package init() {}

    /// A cron expression, or an interval of hours.
    package struct Creation: Hashable, Sendable, Codable {
        package var location: String?
        package var interval: Int?
        package var intervalUnit: String?
        /// At most one, `09:00`, in UTC.
        package var times: [String]?
        package var cron: String?

        package init() {}

        private enum CodingKeys: String, CodingKey {
            case location = "Location"
            case interval = "Interval"
            case intervalUnit = "IntervalUnit"
            case times = "Times"
            case cron = "CronExpression"
        }
    }

    /// A number, or an age.
    package struct Retention: Hashable, Sendable, Codable {
        package var count: Int?
        package var interval: Int?
        package var unit: RetentionAge.Unit?

        package init(count: Int? = nil, interval: Int? = nil, unit: RetentionAge.Unit? = nil) {
            self.count = count
            self.interval = interval
            self.unit = unit
        }

        private enum CodingKeys: String, CodingKey {
            case count = "Count"
            case interval = "Interval"
            case unit = "IntervalUnit"
        }

        package var age: RetentionAge? {
            if let interval, let unit { RetentionAge(count: interval, unit: unit) } else { nil }
        }
    }

    /// CrossRegionCopyRules.
    package struct RegionCopy: Hashable, Sendable, Codable {
        package var targetRegion: String?
        /// The same, as rules of snapshots may say it.
        package var target: String?
        package var isEncrypted: Bool
        package var key: String?
        package var copiesTags: Bool?
        package var retention: Retention?
        package var deprecation: Retention?

        package init(targetRegion: String, isEncrypted: Bool) {
            self.targetRegion = targetRegion
            self.isEncrypted = isEncrypted
        }

        private enum CodingKeys: String, CodingKey {
            case targetRegion = "TargetRegion"
            case target = "Target"
            case isEncrypted = "Encrypted"
            case key = "CmkArn"
            case copiesTags = "CopyTags"
            case retention = "RetainRule"
            case deprecation = "DeprecateRule"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case name = "Name"
        case copiesTags = "CopyTags"
        case tagsToAdd = "TagsToAdd"
        case variableTags = "VariableTags"
        case creation = "CreateRule"
        case retention = "RetainRule"
        case deprecation = "DeprecateRule"
        case copies = "CrossRegionCopyRules"
        case shares = "ShareRules"
        case archive = "ArchiveRule"
    }

    /// Where it has none: the name that AWS's console gives.
    package var title: String { name ?? "Default Schedule" }
}
