import Model
import Testing

/// The rules of products, and of images on an instance store, without a plane.
@Suite struct ProductRuleTests {
    private let owner: AccountID
    private let other: AccountID

    init() throws {
        owner = try AccountID(parsing: "111111111111")
        other = try AccountID(parsing: "222222222222")
    }

    private func image(_ products: [ProductCode] = [], isOnInstanceStore: Bool = false) throws -> ImageAccess {
        ImageAccess(
            id: try ImageID(parsing: "ami-0abcdef1234567890"), owner: owner, permissions: [.account(other)], products: products,
            isOnInstanceStore: isOnInstanceStore)
    }

    private func caller(_ subscriptions: Set<String>?) -> Caller { Caller(.account(other), subscriptions: subscriptions) }

    @Test("an image of products is launched by its owner, and by others who have subscribed to all of them")
    func launching() throws {
        let image = try image([ProductCode("a"), ProductCode("b")])
        #expect(image.launch(by: Caller(.account(owner), subscriptions: [])) == .allowed)
        #expect(image.launch(by: caller(nil)) == .allowed)
        #expect(image.launch(by: caller(["a", "b", "c"])) == .allowed)
        #expect(image.launch(by: caller(["a"])) == .refused(.notSubscribed(to: ProductCode("b"))))
        #expect(image.launch(by: caller([])) == .refused(.notSubscribed(to: ProductCode("a"))))
        #expect(try self.image().launch(by: caller([])) == .allowed)
        #expect(PlaneError.notSubscribed(to: ProductCode("a")).httpStatus == 401)
    }

    @Test("a volume of products goes to a stopped instance of a subscriber alone")
    func attaching() throws {
        let volume = try VolumeID(parsing: "vol-0abcdef1234567890")
        let instance = try InstanceID(parsing: "i-0abcdef1234567890")
        func refusal(_ codes: [ProductCode], _ state: InstanceState, _ subscriptions: Set<String>?) -> PlaneError? {
            ProductCode.refusal(toAttach: volume, of: codes, to: instance, in: state, by: caller(subscriptions))
        }
        #expect(refusal([], .running, []) == nil)
        #expect(refusal([ProductCode("a")], .running, ["a"]) == .productsNeedStop(volume, instance))
        #expect(refusal([ProductCode("a")], .stopped, ["a"]) == nil)
        #expect(refusal([ProductCode("a")], .stopped, ["b"]) == .notSubscribed(to: ProductCode("a")))
    }

    @Test("a snapshot of products is shared with accounts, and never with everyone")
    func sharing() throws {
        let id = try SnapshotID(parsing: "snap-0abcdef1234567890")
        let snapshot = SnapshotAccess(id: id, owner: owner, hasProducts: true)
        let caller = Caller(.account(owner))
        #expect(snapshot.refusal(toShareWith: [.account(other)], by: caller) == nil)
        #expect(snapshot.refusal(toShareWith: [.everyone], by: caller) == .productPublic(id))
        #expect(SnapshotAccess(id: id, owner: owner).refusal(toShareWith: [.everyone], by: caller) == nil)
    }

    @Test("billing products are for accounts that stand for AWS's own publishers")
    func billing() {
        func refusal(_ products: [String], _ alias: OwnerAlias?) -> PlaneError? {
            ProductCode.refusal(toRegisterBilling: products, by: Account(id: owner, name: "x", alias: alias))
        }
        #expect(refusal([], nil) == nil && refusal(["bp-1"], .marketplace) == nil)
        #expect(refusal(["bp-1"], nil) == .billingProductsNotAuthorized)
        #expect(ProductCode.refusal(toRegisterBilling: ["bp-1"], by: nil) == .billingProductsNotAuthorized)
    }

    @Test("an image on an instance store is launched by whom it is shared with, and copied by its owner alone")
    func instanceStore() throws {
        let image = try image(isOnInstanceStore: true)
        #expect(image.launch(by: caller(nil)) == .allowed)
        #expect(image.copy(by: caller(nil)) == .refused(.noStoragePermission))
        #expect(image.copy(by: Caller(.account(owner))) == .allowed)
    }
}
