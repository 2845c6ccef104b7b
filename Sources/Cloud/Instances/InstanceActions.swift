import Model

/// EC2's actions on instances, by its names.
package protocol InstanceActions: Sendable {
    /// The account's instances, or those of these ids that there are, oldest first; those that were terminated an hour ago are gone.
    func instances(_ ids: [InstanceID]?) throws(Failure) -> [InstanceRecord]
    /// They are `pending` in what this returns, and running when it has returned.
    func runInstances(_ launch: InstanceLaunch) throws(Failure) -> [InstanceRecord]
    /// What the instances were, and what they are now, in the order of the ids. All of them, or none.
    func change(_ ids: [InstanceID], _ verb: InstanceVerb) throws(Failure) -> [InstanceChange]
    /// All of them, or none.
    func modifyInstances(_ ids: [InstanceID], _ change: InstanceModification) throws(Failure)
    /// What the options are then.
    func modifyMetadataOptions(_ id: InstanceID, _ change: MetadataOptionsChange) throws(Failure) -> MetadataOptions
    func consoleOutput(of id: InstanceID) throws(Failure) -> ConsoleOutput
    /// Makes durable what programs wrote on a running instance, which goes on.
    func synchronizeInstance(_ id: InstanceID) throws(Failure)
    /// An image of what the instance's root volume holds. A running instance is restarted, so that this is all that was written; or it
    /// goes on, and the image holds what was durable: `MissingWrites` says what it lacks.
    func createImage(of id: InstanceID, _ new: InstanceImage) throws(Failure) -> ImageID
    /// An image of an instance's tree, which is durable in the region's store and under the caller's lease.
    func createImage(_ new: ImageCreation) throws(Failure) -> ImageID
}

extension InstanceActions {
    /// All of the account's.
    package func instances() throws(Failure) -> [InstanceRecord] { try instances(nil) }
}

/// RunInstances.
package struct InstanceLaunch: Sendable, Encodable {
    package var image: ImageID?
    package var type: String
    package var least: Int
    package var most: Int
    package var keyName: String?
    package var zone: String?
    /// `use1-az1`, in the place of the zone's name.
    package var zoneID: String?
    /// Of the interfaces that name none.
    package var subnet: SubnetID?
    package var groups: [SecurityGroupID] = []
    /// Further ones, of the default VPC.
    package var groupNames: [String] = []
    /// One at device 0 at least. Addresses are for one instance alone.
    package var interfaces = [InterfaceRequest()]
    package var userData: String?
    package var clientToken: String?
    package var isEBSOptimized = false
    package var terminatesOnShutdown = false
    package var isMonitored = false
    package var credits: CPUCredits?
    package var isProtectedFromTermination = false
    package var isProtectedFromStopping = false
    package var metadata = MetadataOptionsChange()
    /// The name of an instance profile, or its ARN.
    package var profile: String?
    package var volumes: [DeviceRequest] = []
    package var tags = TagSet()
    package var volumeTags = TagSet()
    package var interfaceTags = TagSet()
    /// The version of a launch template that the parameters are of.
    package var template: Template?

    package struct Template: Hashable, Sendable, Encodable {
        package let id: LaunchTemplateID
        package let version: Int

        package init(id: LaunchTemplateID, version: Int) {
            self.id = id
            self.version = version
        }

        /// What EC2 marks instances with that come of it.
        package func tags() throws(Failure) -> TagSet {
            try TagSet([
                Tag(reserved: "aws:ec2launchtemplate:id", value: id.description),
                Tag(reserved: "aws:ec2launchtemplate:version", value: String(version)),
            ])
        }
    }

    /// A device of the request: changes one of the image, or is one more.
    package struct DeviceRequest: Sendable, Encodable {
        package var device: String
        package var snapshot: SnapshotID?
        package var size: Int?
        package var type: String?
        package var iops: Int?
        package var throughput: Int?
        package var isDeletedOnTermination: Bool?
        package var isEncrypted: Bool?
        /// An id, an alias or an ARN; needs `isEncrypted`.
        package var key: String?
        /// The device of the image is left out.
        package var isLeftOut: Bool

        package init(device: String, isLeftOut: Bool = false) {
            self.device = device
            self.isLeftOut = isLeftOut
        }
    }

    package init(image: ImageID?, type: String, least: Int, most: Int) {
        self.image = image
        self.type = type
        self.least = least
        self.most = most
    }
}

/// What StartInstances and its like did.
package struct InstanceChange: Hashable, Sendable {
    package let id: InstanceID
    package let previous: InstanceState
    package let current: InstanceState
}

/// ModifyInstanceAttribute: one of these.
package enum InstanceModification: Hashable, Sendable {
    /// Of a stopped instance.
    case type(String)
    /// In base64; of a stopped instance.
    case userData(String)
    case terminationProtection(Bool)
    case stopProtection(Bool)
    case terminatesOnShutdown(Bool)
    case ebsOptimized(Bool)
    /// Whether the volume of a device goes with the instance.
    case deletesOnTermination(Bool, device: String)
    /// Of its first interface, as are its groups.
    case checksAddresses(Bool)
    case groups([SecurityGroupID])
    /// Whether it is looked at each minute.
    case monitoring(Bool)
    case credits(CPUCredits)
}

/// What an instance of a burstable type does when its credits are used up.
package enum CPUCredits: String, Sendable, Hashable, CaseIterable, Encodable {
    case standard, unlimited
}

/// CreateImage.
package struct InstanceImage: Hashable, Sendable {
    package var name: String
    package var description = ""
    package var tags = TagSet()
    package var snapshotTags = TagSet()
    package var isWithoutReboot = false

    package init(name: String) { self.name = name }
}
