import Cloud
import Model

/// Whether the account's images can be made public in this region.
struct GetImageBlockPublicAccessState: EC2Action {
    init(_ input: QueryInput) {}

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let isBlocked = try asking { () throws(Failure) in try call.actions.isPublicAccessToImagesBlocked() }
        answer.element("imageBlockPublicAccessState", isBlocked ? BlockPublicAccess.on : BlockPublicAccess.off)
        answer.element("managedBy", "account")
    }
}

struct EnableImageBlockPublicAccess: EC2Action {
    init(_ input: QueryInput) throws(APIError) {
        let state = try input.required("ImageBlockPublicAccessState")
        guard state == BlockPublicAccess.on else { throw .invalid(state, of: "ImageBlockPublicAccessState") }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.blockPublicAccessToImages(true) }
        answer.element("imageBlockPublicAccessState", BlockPublicAccess.on)
    }
}

struct DisableImageBlockPublicAccess: EC2Action {
    init(_ input: QueryInput) {}

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.blockPublicAccessToImages(false) }
        answer.element("imageBlockPublicAccessState", BlockPublicAccess.off)
    }
}

/// EC2's words for it.
private enum BlockPublicAccess {
    static let on = "block-new-sharing"
    static let off = "unblocked"
}
