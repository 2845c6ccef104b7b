import Cloud
import Model

/// From a time on, others do not find the image in lists any more.
struct EnableImageDeprecation: EC2Action {
    private let id: ImageID
    private let time: Instant

    init(_ input: QueryInput) throws(APIError) {
        id = try input.imageID()
        time = try input.instant("DeprecateAt")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.enableDeprecation(of: id, at: time) }
        answer.done()
    }
}

struct DisableImageDeprecation: ImageSwitch {
    let id: ImageID
    func change(_ actions: any RegionActions) throws(Failure) { try actions.disableDeprecation(of: id) }
}

/// Keeps an image from being used, and takes its permissions away.
struct DisableImage: ImageSwitch {
    let id: ImageID
    func change(_ actions: any RegionActions) throws(Failure) { try actions.disableImage(id) }
}

struct EnableImage: ImageSwitch {
    let id: ImageID
    func change(_ actions: any RegionActions) throws(Failure) { try actions.enableImage(id) }
}

/// Gives back the caller's own permission on somebody else's image.
struct CancelImageLaunchPermission: ImageSwitch {
    let id: ImageID
    func change(_ actions: any RegionActions) throws(Failure) { try actions.cancelLaunchPermission(on: id) }
}

struct RestoreImageFromRecycleBin: ImageSwitch {
    let id: ImageID
    func change(_ actions: any RegionActions) throws(Failure) { try actions.restoreImage(id) }
}

/// The protection from being deregistered; answers with its state in words.
struct EnableImageDeregistrationProtection: EC2Action {
    private let id: ImageID
    private let hasCooldown: Bool

    init(_ input: QueryInput) throws(APIError) {
        id = try input.imageID()
        hasCooldown = try input.bool("WithCooldown") ?? false
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let state = try asking { () throws(Failure) in
            try call.actions.enableDeregistrationProtection(of: id, withCooldown: hasCooldown)
        }
        answer.element("return", state.text(at: call.now))
    }
}

struct DisableImageDeregistrationProtection: EC2Action {
    private let id: ImageID

    init(_ input: QueryInput) throws(APIError) { id = try input.imageID() }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let state = try asking { () throws(Failure) in try call.actions.disableDeregistrationProtection(of: id) }
        answer.element("return", state.text(at: call.now))
    }
}

/// An action that changes one image and says no more than that it did.
protocol ImageSwitch: EC2Action {
    init(id: ImageID)
    func change(_ actions: any RegionActions) throws(Failure)
}

extension ImageSwitch {
    init(_ input: QueryInput) throws(APIError) { self.init(id: try input.imageID()) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try change(call.actions) }
        answer.done()
    }
}
