// What AWS refuses of a policy, and what is not carried here.
extension PolicyDetails {
    /// `Failure` with a `planeError` where AWS would refuse them, or where nothing here does what they ask for.
    package func check(in region: RegionName, known regions: [String], at now: Instant) throws(Failure) {
        let details = complete
        guard details.type != .events else { throw Failure(.notCarried("Policies of the type EVENT_BASED_POLICY")) }
        if details.isDefault { return try details.checkDefault(in: region, known: regions) }
        guard details.language == "STANDARD" else {
            throw Failure(.invalidPolicy("The PolicyLanguage must be STANDARD or SIMPLIFIED."))
        }
        try checkNotDefault()
        guard details.resourceLocations == ["CLOUD"] else {
            throw Failure(.notCarried("Policies on Outposts and in Local Zones"))
        }
        guard let types = details.resourceTypes, types.count == 1 else {
            throw Failure(.invalidPolicy("ResourceTypes must name one type, VOLUME or INSTANCE."))
        }
        if details.isOfImages, types != [.instance] {
            throw Failure(.invalidPolicy("Policies of the type IMAGE_MANAGEMENT are about the resource type INSTANCE."))
        }
        guard let targets = targetTags, 1...50 ~= targets.count, Set(targets).count == targets.count else {
            throw Failure(.invalidPolicy("TargetTags must hold 1 to 50 tags, each once."))
        }
        guard let schedules, 1...4 ~= schedules.count else {
            throw Failure(.invalidPolicy("Schedules must hold 1 to 4 schedules."))
        }
        guard Set(schedules.map(\.title)).count == schedules.count else {
            throw Failure(.invalidPolicy("The names of schedules must differ."))
        }
        guard Set(schedules.map { $0.retention?.count == nil }).count == 1 else {
            throw Failure(.invalidPolicy("All schedules of a policy must retain by count, or all by age."))
        }
        try checkParameters(details)
        for schedule in schedules { try schedule.check(details, in: region, known: regions, at: now) }
    }

    private func checkParameters(_ details: PolicyDetails) throws(Failure) {
        guard let parameters else { return }
        if details.isOfVolumes { throw Failure(.invalidPolicy("Policies on the resource type VOLUME have no Parameters.")) }
        if !details.isOfImages, parameters.isWithoutReboot != nil {
            throw Failure(.invalidPolicy("NoReboot is a parameter of policies of the type IMAGE_MANAGEMENT."))
        }
        if details.isOfImages, parameters.excludesBootVolume != nil || parameters.excludedDataVolumeTags != nil {
            throw Failure(
                .invalidPolicy("ExcludeBootVolume and ExcludeDataVolumeTags are parameters of policies that make snapshots."))
        }
        guard parameters.excludedDataVolumeTags?.count ?? 0 <= 50 else {
            throw Failure(.invalidPolicy("ExcludeDataVolumeTags must hold at most 50 tags."))
        }
    }
}

extension PolicySchedule {
    fileprivate func check(
        _ details: PolicyDetails, in region: RegionName, known regions: [String], at now: Instant
    ) throws(Failure) {
        guard PolicyText.isName(title, longest: 120) else {
            throw Failure(.invalidPolicy("The name of a schedule has up to 120 letters, digits, blanks, '_' and '-'."))
        }
        guard creation?.location ?? "CLOUD" == "CLOUD" else {
            throw Failure(.notCarried("Snapshots on Outposts and in Local Zones"))
        }
        let timing = try timing(from: now, made: now)
        guard timing.leastSpan(after: now).map({ $0 >= .hours(1) }) ?? true else {
            throw Failure(.invalidPolicy("The schedule '\(title)' must be at least an hour from one time to the next."))
        }
        guard timing.next(after: now) != nil else { throw Failure(.invalidPolicy("The schedule '\(title)' is never due.")) }
        try checkTags(details)
        guard let retention else { throw Failure(.invalidPolicy("The schedule '\(title)' has no RetainRule.")) }
        // What is archived at once is kept nowhere else.
        try retention.check("RetainRule", least: archive == nil ? 1 : 0)
        try checkShares(details)
        try checkArchive(details, timing, at: now)
        if let deprecation {
            guard details.isOfImages else { throw Failure(.invalidPolicy("A DeprecateRule is for policies that make images.")) }
            try deprecation.check("DeprecateRule", mostAge: RetentionAge(count: 10, unit: .years), within: retention)
        }
        try checkCopies(details, in: region, known: regions)
    }

    private func checkTags(_ details: PolicyDetails) throws(Failure) {
        let (added, variable) = (tagsToAdd ?? [], variableTags ?? [])
        guard added.count <= 45, variable.count <= 45, Set((added + variable).map(\.key)).count == added.count + variable.count
        else { throw Failure(.invalidPolicy("TagsToAdd and VariableTags must hold at most 45 tags, each key once.")) }
        guard variable.isEmpty || !details.isOfVolumes else {
            throw Failure(.invalidPolicy("VariableTags are for policies on the resource type INSTANCE."))
        }
        guard variable.allSatisfy({ PolicyVariable(rawValue: $0.value) != nil }) else {
            throw Failure(.invalidPolicy("The values of VariableTags must be $(instance-id) or $(timestamp)."))
        }
    }

    private func checkCopies(_ details: PolicyDetails, in region: RegionName, known regions: [String]) throws(Failure) {
        let copies = copies ?? []
        guard copies.count <= 3, Set(copies.compactMap(\.region)).count == copies.count else {
            throw Failure(.invalidPolicy("CrossRegionCopyRules must hold at most 3 rules, each for a Region of its own."))
        }
        for copy in copies {
            guard let target = copy.region, copy.target == nil || copy.targetRegion == nil, regions.contains(target),
                target != region.description
            else {
                throw Failure(.invalidPolicy("The target of a CrossRegionCopyRule must be another Region."))
            }
            if copy.key != nil, !copy.isEncrypted {
                throw Failure(.invalidPolicy("A CmkArn is for copies with Encrypted."))
            }
            if let retention = copy.retention {
                guard retention.count == nil else { throw Failure(.invalidPolicy("Copies are retained by age.")) }
                try retention.check("RetainRule")
            }
            if let deprecation = copy.deprecation {
                guard details.isOfImages, deprecation.count == nil else {
                    throw Failure(.invalidPolicy("A DeprecateRule of a copy is for images, and has an Interval."))
                }
                try deprecation.check(
                    "DeprecateRule", mostAge: RetentionAge(count: 10, unit: .years), within: copy.retention)
            }
        }
    }
}

extension PolicySchedule.RegionCopy {
    /// Where the copies go, as a name.
    package var region: String? { targetRegion ?? target }
}

extension PolicySchedule.Retention {
    /// Whether it is a number or an age, of what AWS allows.
    func check(
        _ name: String, least: Int = 1, mostAge: RetentionAge = RetentionAge(count: 100, unit: .years), within outer: Self? = nil
    ) throws(Failure) {
        switch (count, interval, unit) {
        case (let count?, nil, nil):
            guard least...1000 ~= count else {
                throw Failure(.invalidPolicy("The Count of a \(name) must be \(least) to 1000."))
            }
            if let most = outer?.count, count > most {
                throw Failure(.invalidPolicy("The Count of a \(name) must not exceed that of the RetainRule."))
            }
        case (nil, let interval?, _?):
            guard let age, age.isPossible || interval == 0 && least == 0, age.days <= mostAge.days else {
                throw Failure(
                    .invalidPolicy("The Interval of a \(name) must be at least \(least), and at most \(mostAge.count) years."))
            }
            if let most = outer?.age, age.days > most.days {
                throw Failure(.invalidPolicy("The Interval of a \(name) must not exceed that of the RetainRule."))
            }
        default: throw Failure(.invalidPolicy("A \(name) has either a Count, or an Interval and an IntervalUnit."))
        }
    }
}

/// What the value of a variable tag stands for.
package enum PolicyVariable: String, Sendable, CaseIterable {
    case instance = "$(instance-id)"
    case timestamp = "$(timestamp)"
}

/// The texts of policies.
package enum PolicyText {
    /// Letters, digits, blanks, `_` and `-`.
    package static func isName(_ text: String, longest: Int) -> Bool {
        1...longest ~= text.utf8.count
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: " "):
                    true
                default: false
                }
            }
    }
}

extension PlaneError {
    /// No known text.
    package static func notCarried(_ what: String) -> PlaneError { .invalidPolicy("\(what) are not supported here.") }
}
