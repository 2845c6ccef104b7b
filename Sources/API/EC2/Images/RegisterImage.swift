import Cloud
import Model

/// An image of snapshots that are there, or of a manifest in S3.
struct RegisterImage: EC2Action {
    private let registration: ImageRegistration

    init(_ input: QueryInput) throws(APIError) {
        let devices = try BlockDevices(input)
        var registration = ImageRegistration(
            name: try input.required("Name"), description: input.string("Description") ?? "", volumes: devices.volumes,
            virtualDevices: devices.virtualDevices)
        if let text = input.string("Architecture") {
            guard let architecture = Architecture(rawValue: text) else { throw .invalid(text, of: "Architecture") }
            registration.architecture = architecture
        }
        if let name = input.string("RootDeviceName") { registration.rootDeviceName = name }
        registration.machine = try Self.machine(input)
        registration.tags = try input.tagSpecifications("image")["image"] ?? TagSet()
        self.registration = registration
    }

    private static func machine(_ input: QueryInput) throws(APIError) -> MachineAttributes {
        var machine = MachineAttributes()
        machine.kernel = input.string("KernelId")
        machine.ramdisk = input.string("RamdiskId")
        machine.sriovNetSupport = input.string("SriovNetSupport")
        machine.isENASupported = try input.bool("EnaSupport") ?? false
        machine.uefiData = input.string("UefiData")
        machine.manifestLocation = input.string("ImageLocation")
        machine.billingProducts = try input.strings("BillingProduct")
        // EC2 takes an image for paravirtual where nothing is said.
        machine.virtualization = try input.choice("VirtualizationType") ?? .paravirtual
        machine.bootMode = try input.choice("BootMode")
        machine.needsTPM = try input.version2("TpmSupport")
        machine.needsIMDSv2 = try input.version2("ImdsSupport")
        if machine.manifestLocation != nil { machine.rootDevice = .instanceStore }
        return machine
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let id = try asking { () throws(Failure) in try call.actions.registerImage(registration) }
        answer.element("imageId", id.description)
    }
}

extension QueryInput {
    /// A word out of a few.
    func choice<Choice: RawRepresentable<String>>(_ key: String) throws(APIError) -> Choice? {
        guard let text = string(key) else { return nil }
        guard let choice = Choice(rawValue: text) else { throw .invalid(text, of: key) }
        return choice
    }

    /// Whether the one version is asked for that there is.
    fileprivate func version2(_ key: String) throws(APIError) -> Bool {
        guard let text = string(key) else { return false }
        guard text == MachineAttributes.version2 else { throw .invalid(text, of: key) }
        return true
    }
}
