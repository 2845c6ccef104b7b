/// A product of AWS Marketplace, or of DevPay before it, that an image, an instance, a volume or a snapshot belongs to. What is made of one
/// of them belongs to it too.
package struct ProductCode: Hashable, Comparable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case devpay, marketplace
    }

    package let code: String
    package let kind: Kind

    package init(_ code: String, kind: Kind = .marketplace) {
        self.code = code
        self.kind = kind
    }

    package static func < (a: Self, b: Self) -> Bool { (a.code, a.kind.rawValue) < (b.code, b.kind.rawValue) }
}

// The rules of what belongs to a product. Its owner launches an image without a subscription; all other use needs one, also by owners.
extension ProductCode {
    /// Of launching an instance of these products, or of attaching a volume of them, which somebody else sells.
    package static func refusal(toUse codes: [ProductCode], by caller: Caller) -> PlaneError? {
        codes.sorted().first { !caller.isSubscribed(to: $0) }.map { .notSubscribed(to: $0) }
    }

    /// Of attaching a volume of these products: an instance takes on what it is charged for while it does not run.
    package static func refusal(
        toAttach volume: VolumeID, of codes: [ProductCode], to instance: InstanceID, in state: InstanceState, by caller: Caller
    ) -> PlaneError? {
        if codes.isEmpty { return nil }
        if state != .stopped { return .productsNeedStop(volume, instance) }
        return refusal(toUse: codes, by: caller)
    }

    /// Of registering an image with billing products, which AWS lets its own publishers do.
    package static func refusal(toRegisterBilling products: [String], by account: Account?) -> PlaneError? {
        products.isEmpty || account?.alias != nil ? nil : .billingProductsNotAuthorized
    }
}
