// Default policies: what backs up all volumes or instances of a region that have no recent backup, without schedules of its own.
extension PolicyDetails {
    /// Where copies of a default policy go.
    package struct CopyTarget: Hashable, Sendable, Codable {
        package var region: String?

        package init(region: String) { self.region = region }

        private enum CodingKeys: String, CodingKey { case region = "TargetRegion" }
    }

    /// What a default policy leaves out.
    package struct Exclusions: Hashable, Sendable, Codable {
        package var bootVolumes: Bool?
        package var volumeTypes: [String]?
        /// Of volumes or of instances: one that has any of them.
        package var tags: [Tag]?

        package init(bootVolumes: Bool? = nil, volumeTypes: [String]? = nil, tags: [Tag]? = nil) {
            self.bootVolumes = bootVolumes
            self.volumeTypes = volumeTypes
            self.tags = tags
        }

        private enum CodingKeys: String, CodingKey {
            case bootVolumes = "ExcludeBootVolumes"
            case volumeTypes = "ExcludeVolumeTypes"
            case tags = "ExcludeTags"
        }
    }

    /// The language of default policies.
    package static let simplified = "SIMPLIFIED"

    package var isDefault: Bool { language == Self.simplified }

    /// Whether it goes on to delete, the last one too, where the source is gone or the policy is not in force any more.
    package var extendsDeletion: Bool { isDefault && extendDeletion ?? false }

    /// With what AWS adds.
    var completeDefault: PolicyDetails {
        var details = self
        details.type = type ?? (resourceType == .instance ? .images : .snapshots)
        details.createInterval = createInterval ?? 1
        details.retainInterval = retainInterval ?? 7
        details.copiesTags = copiesTags ?? false
        details.extendDeletion = extendDeletion ?? false
        return details
    }

    /// What it does as one schedule, which is due every so many days.
    var defaultSchedule: PolicySchedule {
        var schedule = PolicySchedule()
        let retention = PolicySchedule.Retention(interval: retainInterval ?? 7, unit: .days)
        schedule.copiesTags = copiesTags
        schedule.retention = retention
        schedule.copies = copyTargets?.compactMap { target in
            target.region.map { region in
                var copy = PolicySchedule.RegionCopy(targetRegion: region, isEncrypted: false)
                copy.copiesTags = copiesTags
                copy.retention = retention
                return copy
            }
        }
        return schedule
    }

    /// How old the last backup of a source must be before a default policy makes another.
    package var backupAge: TimeSpan { .days(Int64(createInterval ?? 1)) }

    /// `Failure` with a `planeError` where AWS would refuse it.
    func checkDefault(in region: RegionName, known regions: [String]) throws(Failure) {
        guard let resourceType else {
            throw Failure(.invalidPolicy("A default policy needs a ResourceType, VOLUME or INSTANCE."))
        }
        guard type == (resourceType == .instance ? .images : .snapshots) else {
            throw Failure(.invalidPolicy("The PolicyType does not fit the ResourceType of the default policy."))
        }
        guard resourceTypes == nil, resourceLocations == nil, targetTags == nil, schedules == nil, parameters == nil else {
            throw Failure(
                .invalidPolicy(
                    "ResourceTypes, ResourceLocations, TargetTags, Schedules and Parameters are for custom policies alone."))
        }
        let (creates, retains) = (createInterval ?? 1, retainInterval ?? 7)
        guard 1...7 ~= creates else { throw Failure(.invalidPolicy("The CreateInterval must be 1 to 7 days.")) }
        guard 2...14 ~= retains, retains > creates else {
            throw Failure(.invalidPolicy("The RetainInterval must be 2 to 14 days, and longer than the CreateInterval."))
        }
        let targets = copyTargets ?? []
        guard targets.count <= 3, Set(targets).count == targets.count,
            targets.allSatisfy({ $0.region.map { regions.contains($0) && $0 != region.description } ?? false })
        else {
            throw Failure(.invalidPolicy("CrossRegionCopyTargets must name at most 3 other Regions, each once."))
        }
        try exclusions?.check(resourceType)
    }

    /// Refuses members of default policies in others.
    func checkNotDefault() throws(Failure) {
        guard resourceType == nil, createInterval == nil, retainInterval == nil, copiesTags == nil, copyTargets == nil,
            extendDeletion == nil, exclusions == nil
        else {
            throw Failure(
                .invalidPolicy(
                    "ResourceType, CreateInterval, RetainInterval, CopyTags, CrossRegionCopyTargets, ExtendDeletion and Exclusions are for default policies alone."
                ))
        }
    }
}

extension PolicyDetails.Exclusions {
    fileprivate func check(_ resource: PolicyDetails.ResourceType) throws(Failure) {
        guard resource == .volume || bootVolumes == nil && volumeTypes == nil else {
            throw Failure(
                .invalidPolicy("ExcludeBootVolumes and ExcludeVolumeTypes are for default policies on the resource type VOLUME."))
        }
        guard volumeTypes?.count ?? 0 <= 6, volumeTypes?.allSatisfy({ VolumeType(rawValue: $0) != nil }) ?? true else {
            throw Failure(.invalidPolicy("ExcludeVolumeTypes must name at most 6 types of volumes."))
        }
        guard tags?.count ?? 0 <= 50 else { throw Failure(.invalidPolicy("ExcludeTags must hold at most 50 tags.")) }
    }
}
