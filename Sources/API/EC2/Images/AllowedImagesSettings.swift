import Cloud
import Model

/// Which images of others the account lets in.
struct GetAllowedImagesSettings: EC2Action {
    init(_ input: QueryInput) {}

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let setting = try asking { () throws(Failure) in try call.actions.allowedImages() }
        try call.endDryRun()
        answer.element("state", setting.state.rawValue)
        answer.list("imageCriterionSet", setting.criteria) { criterion, xml in
            if !criterion.providers.isEmpty { xml.list("imageProviderSet", criterion.providers) }
            if !criterion.productCodes.isEmpty { xml.list("marketplaceProductCodeSet", criterion.productCodes) }
            if !criterion.names.isEmpty { xml.list("imageNameSet", criterion.names.map(\.text)) }
            if let days = criterion.mostDaysSinceDeprecation {
                xml.element("deprecationTimeCondition") { $0.element("maximumDaysSinceDeprecated", days) }
            }
            if let days = criterion.mostDaysSinceCreation {
                xml.element("creationDateCondition") { $0.element("maximumDaysSinceCreated", days) }
            }
        }
        answer.element("managedBy", "account")
    }
}

struct EnableAllowedImagesSettings: EC2Action {
    private let state: AllowedImages.State

    init(_ input: QueryInput) throws(APIError) {
        let text = try input.required("AllowedImagesSettingsState")
        guard let state = AllowedImages.State(rawValue: text), state != .disabled else {
            throw .invalid(text, of: "AllowedImagesSettingsState")
        }
        self.state = state
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try call.setAllowedImages { $0.state = state }
        answer.element("allowedImagesSettingsState", state.rawValue)
    }
}

/// The criteria stay for the next time.
struct DisableAllowedImagesSettings: EC2Action {
    init(_ input: QueryInput) {}

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try call.setAllowedImages { $0.state = .disabled }
        answer.element("allowedImagesSettingsState", AllowedImages.State.disabled.rawValue)
    }
}

struct ReplaceImageCriteriaInAllowedImagesSettings: EC2Action {
    private let criteria: [AllowedImages.Criterion]

    init(_ input: QueryInput) throws(APIError) {
        criteria = try input.structures("ImageCriterion").map { entry throws(APIError) in
            var criterion = AllowedImages.Criterion()
            criterion.providers = try entry.strings("ImageProvider")
            criterion.productCodes = try entry.strings("MarketplaceProductCode")
            criterion.names = try entry.strings("ImageName").map { FilterPattern($0) }
            criterion.mostDaysSinceDeprecation = try entry.structure("DeprecationTimeCondition")?.int(
                "MaximumDaysSinceDeprecated")
            criterion.mostDaysSinceCreation = try entry.structure("CreationDateCondition")?.int("MaximumDaysSinceCreated")
            return criterion
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try call.setAllowedImages { $0.criteria = criteria }
        answer.done()
    }
}

extension Call {
    fileprivate func setAllowedImages(_ change: (inout AllowedImages) -> Void) throws(APIError) {
        try asking { () throws(Failure) in
            var setting = try actions.allowedImages()
            change(&setting)
            try actions.setAllowedImages(setting)
        }
    }
}
