/// An Auto Scaling group: so many instances of a launch template, spread over subnets.
package struct AutoScalingGroup: Codable, Hashable, Sendable {
    package let name: String
    package let created: Instant
    package var template: TemplateChoice
    package var size: Size
    /// Of the group's subnets; the zones follow from them.
    package var subnets: [String]
    package var zones: [String]
    /// Seconds.
    package var cooldown = 300
    package var healthCheckType = "EC2"
    package var healthCheckGracePeriod = 0
    /// Seconds that a new instance takes to be of use; nil for none.
    package var warmup: Int?
    package var protectsNewInstances = false
    package var maintenance: HealthRange?
    package var tags: [GroupTag] = []
    package var members: [GroupMember] = []
    /// How many instances it has asked for: the names of its launches.
    package var launches = 0

    package init(
        name: String, created: Instant, template: TemplateChoice, size: Size, subnets: [String], zones: [String]
    ) {
        self.name = name
        self.created = created
        self.template = template
        self.size = size
        self.subnets = subnets
        self.zones = zones
    }

    package struct Size: Codable, Hashable, Sendable {
        package var least: Int
        package var most: Int
        package var desired: Int

        package init(least: Int, most: Int, desired: Int) {
            self.least = least
            self.most = most
            self.desired = desired
        }

        /// Of sizes that do not fit each other.
        package var refusal: PlaneError? {
            if least < 0 || most < least {
                return PlaneError(.validationError, "Max bound, \(most), must be greater than or equal to min bound, \(least)")
            }
            if (least...most).contains(desired) { return nil }
            return PlaneError(
                .validationError,
                "Desired capacity:\(desired) must be between the specified min size:\(least) and max size:\(most)")
        }
    }
}

/// A version of a launch template as a group names it: a number, `$Latest` or `$Default`.
package struct TemplateChoice: Codable, Hashable, Sendable {
    package var id: LaunchTemplateID
    package var name: String
    package var version: String

    package init(id: LaunchTemplateID, name: String, version: String) {
        self.id = id
        self.name = name
        self.version = version
    }
}

/// A tag of a group.
package struct GroupTag: Codable, Hashable, Sendable {
    package var key: String
    package var value: String
    /// Whether new instances get it.
    package var isPropagated: Bool

    package init(key: String, value: String, isPropagated: Bool) {
        self.key = key
        self.value = value
        self.isPropagated = isPropagated
    }
}

/// An instance of a group.
package struct GroupMember: Codable, Hashable, Sendable {
    package let instance: InstanceID
    package let launched: Instant
    package let template: LaunchTemplateID
    package let templateName: String
    package let version: Int
    package let type: String
    package let zone: String
    package let subnet: String
    /// The refresh that launched it, or the name of its way back; nil for none.
    package let refresh: String?
    package var isHealthy = true
    package var isProtected: Bool

    package init(
        instance: InstanceID, launched: Instant, template: TemplateChoice, version: Int, type: String, zone: String,
        subnet: String, refresh: String?, isProtected: Bool
    ) {
        self.instance = instance
        self.launched = launched
        self.template = template.id
        templateName = template.name
        self.version = version
        self.type = type
        self.zone = zone
        self.subnet = subnet
        self.refresh = refresh
        self.isProtected = isProtected
    }
}

/// How much of a group's capacity must be, and how much may be, in service while instances are replaced: percent.
package struct HealthRange: Codable, Hashable, Sendable {
    package var least: Int
    package var most: Int

    package init(least: Int, most: Int) {
        self.least = least
        self.most = most
    }

    /// Of a range that Auto Scaling does not have.
    package var refusal: PlaneError? {
        guard 0...100 ~= least, 100...200 ~= most, most - least <= 100 else {
            return PlaneError(
                .validationError,
                "MinHealthyPercentage is 0 to 100, MaxHealthyPercentage 100 to 200, and both are at most 100 apart.")
        }
        return nil
    }
}
