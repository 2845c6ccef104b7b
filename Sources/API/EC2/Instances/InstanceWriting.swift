import Cloud
import Model

extension InstanceRecord {
    /// Why it is in its state, and since when.
    var reasonText: String {
        stateReason == nil ? "" : "User initiated (\(changed.utc.dateText) \(changed.utc.timeText) GMT)"
    }
}

extension XMLWriter {
    /// Instances that one request made.
    mutating func reservation(_ instances: [InstanceRecord], _ call: Call, _ names: [SecurityGroupID: String]) {
        element("reservationId", ifPresent: instances.first?.reservation.description)
        element("ownerId", call.account.description)
        open("groupSet")
        close("groupSet")
        list("instancesSet", instances) { instance, xml in xml.instance(instance, call, names) }
    }

    mutating func state(_ state: InstanceState) {
        element("code", state.code)
        element("name", state.rawValue)
    }

    private mutating func instance(_ instance: InstanceRecord, _ call: Call, _ names: [SecurityGroupID: String]) {
        let isOver = instance.state == .terminated
        element("instanceId", instance.id.description)
        element("imageId", instance.image.description)
        element("instanceState") { $0.state(instance.state) }
        element("privateDnsName", isOver ? "" : instance.privateName(in: call.region))
        element("dnsName", instance.publicAddress ?? "")
        element("reason", instance.reasonText)
        element("keyName", ifPresent: instance.keyName)
        products(instance.products)
        element("amiLaunchIndex", instance.index)
        element("instanceType", instance.type.name)
        element("launchTime", instance.launched.withMilliseconds)
        element("placement") { xml in
            xml.element("availabilityZone", instance.subnet.zone)
            xml.element("groupName", "")
            xml.element("tenancy", "default")
        }
        element("monitoring") { $0.element("state", instance.isMonitored ? "enabled" : "disabled") }
        if !isOver {
            element("subnetId", instance.subnet.id.description)
            element("vpcId", instance.subnet.vpc.description)
            element("privateIpAddress", instance.address)
            element("ipAddress", ifPresent: instance.publicAddress)
        }
        element("sourceDestCheck", instance.checksAddresses)
        groups("groupSet", instance.state == .terminated ? [] : instance.groups, names)
        if let reason = instance.stateReason {
            element("stateReason") { xml in
                xml.element("code", reason.code)
                xml.element("message", reason.message)
            }
        }
        element("architecture", instance.architecture.rawValue)
        element("rootDeviceType", instance.isInstanceStore ? "instance-store" : "ebs")
        element("rootDeviceName", instance.rootDeviceName)
        devices(instance)
        element("virtualizationType", "hvm")
        element("clientToken", instance.clientToken ?? "")
        tags(instance.tags)
        element("hypervisor", "xen")
        list("networkInterfaceSet", instance.interfaces) { interface, xml in xml.instanceInterface(interface, call, names) }
        element("ebsOptimized", instance.isEBSOptimized)
        element("enaSupport", true)
        element("metadataOptions") { $0.metadataOptions(instance.metadata, state: "applied") }
        if let profile = instance.profile {
            element("iamInstanceProfile") { xml in
                xml.element("arn", profile.arn)
                xml.element("id", profile.id)
            }
        }
        element("hibernationOptions") { $0.element("configured", false) }
        element("platformDetails", "Linux/UNIX")
        element("usageOperation", "RunInstances")
    }

    /// Security groups with their names.
    mutating func groups(_ name: String, _ ids: [SecurityGroupID], _ names: [SecurityGroupID: String]) {
        list(name, ids) { group, xml in
            xml.element("groupId", group.description)
            xml.element("groupName", names[group] ?? "")
        }
    }

    private mutating func devices(_ instance: InstanceRecord) {
        list("blockDeviceMapping", instance.volumes) { volume, xml in
            xml.element("deviceName", ifPresent: volume.attachment?.device)
            xml.element("ebs") { xml in
                xml.element("volumeId", volume.id.description)
                xml.element("status", "attached")
                xml.element("attachTime", ifPresent: volume.attachment?.attached.withMilliseconds)
                xml.element("deleteOnTermination", volume.attachment?.isDeletedOnTermination ?? false)
            }
        }
    }
}
