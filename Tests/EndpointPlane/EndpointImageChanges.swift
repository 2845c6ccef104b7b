import Cloud
import Model
import XML

// Attributes, life and settings of images.
extension EndpointActions {
    private func modify(_ id: ImageID, _ write: (inout QueryForm) -> Void) throws(Failure) {
        try run("ModifyImageAttribute") { form in
            form.set("ImageId", id.description)
            write(&form)
        }
    }

    package func setDescription(_ text: String, of id: ImageID) throws(Failure) {
        try modify(id) { $0.set("Description.Value", text) }
    }

    package func requireIMDSv2(of id: ImageID) throws(Failure) {
        try modify(id) { $0.set("ImdsSupport.Value", MachineAttributes.version2) }
    }

    package func addProductCodes(_ codes: [ProductCode], to id: ImageID) throws(Failure) {
        try modify(id) { form in
            form.set("Attribute", "productCodes")
            form.list("ProductCode", codes.map(\.code))
        }
    }

    package func changeLaunchPermissions(
        of id: ImageID, adding added: Set<LaunchPermission>, removing removed: Set<LaunchPermission>
    ) throws(Failure) { try modify(id) { $0.permissions("LaunchPermission", adding: added, removing: removed) } }

    package func resetLaunchPermissions(of id: ImageID) throws(Failure) {
        try run("ResetImageAttribute") { form in
            form.set("ImageId", id.description)
            form.set("Attribute", "launchPermission")
        }
    }

    package func cancelLaunchPermission(on id: ImageID) throws(Failure) { try change("CancelImageLaunchPermission", id) }

    // MARK: Life

    private func change(_ action: String, _ id: ImageID) throws(Failure) {
        try run(action) { $0.set("ImageId", id.description) }
    }

    package func enableDeprecation(of id: ImageID, at time: Instant) throws(Failure) {
        try run("EnableImageDeprecation") { form in
            form.set("ImageId", id.description)
            form.set("DeprecateAt", time.withMilliseconds)
        }
    }

    package func disableDeprecation(of id: ImageID) throws(Failure) { try change("DisableImageDeprecation", id) }

    package func disableImage(_ id: ImageID) throws(Failure) { try change("DisableImage", id) }

    package func enableImage(_ id: ImageID) throws(Failure) { try change("EnableImage", id) }

    package func enableDeregistrationProtection(
        of id: ImageID, withCooldown: Bool
    ) throws(Failure) -> DeregistrationProtection {
        let answer = try ask("EnableImageDeregistrationProtection") { form in
            form.set("ImageId", id.description)
            form.set("WithCooldown", withCooldown)
        }
        return try DeregistrationProtection(answer, "return")
    }

    package func disableDeregistrationProtection(of id: ImageID) throws(Failure) -> DeregistrationProtection {
        try DeregistrationProtection(
            try ask("DisableImageDeregistrationProtection") { $0.set("ImageId", id.description) }, "return")
    }

    package func attachWatermark(_ name: String, to id: ImageID) throws(Failure) -> String {
        try ask("AttachImageWatermark") { form in
            form.set("ImageId", id.description)
            form.set("WatermarkName", name)
        }.text("watermarkKey")
    }

    package func detachWatermark(_ key: String, from id: ImageID) throws(Failure) {
        try run("DetachImageWatermark") { form in
            form.set("ImageId", id.description)
            form.set("WatermarkKey", key)
        }
    }

    // MARK: The account's settings

    package func isPublicAccessToImagesBlocked() throws(Failure) -> Bool {
        try ask("GetImageBlockPublicAccessState").word(
            "imageBlockPublicAccessState", ["block-new-sharing": true, "unblocked": false])
    }

    package func blockPublicAccessToImages(_ isBlocked: Bool) throws(Failure) {
        _ =
            try isBlocked
            ? ask("EnableImageBlockPublicAccess") { $0.set("ImageBlockPublicAccessState", "block-new-sharing") }
            : ask("DisableImageBlockPublicAccess")
    }

    package func allowedImages() throws(Failure) -> AllowedImages {
        let answer = try ask("GetAllowedImagesSettings")
        return AllowedImages(
            state: try answer.word("state"),
            criteria: try answer.items("imageCriterionSet") { item throws(Failure) in
                var criterion = AllowedImages.Criterion()
                criterion.providers = item.items("imageProviderSet").map(\.text)
                criterion.productCodes = item.items("marketplaceProductCodeSet").map(\.text)
                criterion.names = item.items("imageNameSet").map { FilterPattern($0.text) }
                criterion.mostDaysSinceDeprecation = try item["deprecationTimeCondition"]?.int("maximumDaysSinceDeprecated")
                criterion.mostDaysSinceCreation = try item["creationDateCondition"]?.int("maximumDaysSinceCreated")
                return criterion
            })
    }

    /// Two requests, as EC2 has it: first the criteria, then whether they count.
    package func setAllowedImages(_ setting: AllowedImages) throws(Failure) {
        try run("ReplaceImageCriteriaInAllowedImagesSettings") { form in
            form.structures("ImageCriterion", setting.criteria) { criterion, form in
                form.list("ImageProvider", criterion.providers)
                form.list("MarketplaceProductCode", criterion.productCodes)
                form.list("ImageName", criterion.names.map(\.text))
                form.set("DeprecationTimeCondition.MaximumDaysSinceDeprecated", criterion.mostDaysSinceDeprecation)
                form.set("CreationDateCondition.MaximumDaysSinceCreated", criterion.mostDaysSinceCreation)
            }
        }
        if setting.state == .disabled {
            _ = try ask("DisableAllowedImagesSettings")
        } else {
            _ = try ask("EnableAllowedImagesSettings") { $0.set("AllowedImagesSettingsState", setting.state.rawValue) }
        }
    }
}
