import Cloud
import Model

/// A parameter that Amazon publishes below `/aws/service`, the same for every account. Of images there are those that the region has.
struct PublicParameter {
    let name: String
    let value: String

    /// Amazon's names are no parameters of an account.
    static func isReserved(_ name: String) -> Bool { name == "/aws" || name.hasPrefix("/aws/") }

    private static let secrets = "/aws/reference/secretsmanager/"

    /// Nil for a name that is not reserved; `ParameterNotFound` for one of Amazon's that is not there.
    static func find(_ text: String, decrypts: Bool, _ call: Call) throws(APIError) -> PublicParameter? {
        var name = text
        // The ARN of a public parameter has no account, or the caller's.
        if let arn = ARN(text), arn.isOf("ssm"), arn.region == call.region.description,
            arn.account.isEmpty || arn.account == call.account.description, let rest = arn.name(of: "parameter")
        {
            name = "/" + rest
        }
        guard isReserved(name) else { return nil }
        if name.hasPrefix(secrets) {
            guard decrypts else {
                throw APIError(
                    .validationException, "WithDecryption flag must be True for retrieving a Secret Manager secret.")
            }
            // There is no Secrets Manager here, so there is no secret.
            throw APIError(
                "ParameterNotFound",
                "An error occurred (ParameterNotFound) when referencing Secrets Manager: Secret \(name.prefix(2048)) not found.")
        }
        let isImage = PublicImageParameter.all.contains { $0.name == name }
        guard let found = try (isImage ? images(call) : places(call)).first(where: { $0.name == name }) else {
            throw .notFound(parameter: text)
        }
        return found
    }

    /// By name.
    static func all(_ call: Call) throws(APIError) -> [PublicParameter] {
        (places(call) + (try images(call))).sorted { $0.name < $1.name }
    }

    private static func places(_ call: Call) -> [PublicParameter] {
        let regions = "/aws/service/global-infrastructure/regions"
        return call.plane.settings.regionNames.flatMap { region in
            [PublicParameter(name: "\(regions)/\(region)", value: region)]
                + (RegionFacts.longNames[region].map { [PublicParameter(name: "\(regions)/\(region)/longName", value: $0)] } ?? [])
                + [
                    PublicParameter(name: "\(regions)/\(region)/domain", value: "amazonaws.com"),
                    PublicParameter(name: "\(regions)/\(region)/partition", value: "aws"),
                ]
        }
    }

    private static func images(_ call: Call) throws(APIError) -> [PublicParameter] {
        let query = ImageQuery(owners: [.account(Account.amazon.id)])
        let there = try asking { () throws(Failure) in try call.withoutDryRun.actions.describeImages(query) }
        let ids = Set(there.map(\.image.id.description))
        return PublicImageParameter.all.filter { ids.contains($0.image) }.map { PublicParameter(name: $0.name, value: $0.image) }
    }
}

extension Call {
    /// The value of a parameter that stands for an image: `resolve:ssm:` before its name.
    func imageParameter(_ name: String) throws(APIError) -> String {
        if let found = try PublicParameter.find(name, decrypts: false, self) { return found.value }
        let selection = try ParameterSelection(name, self)
        let store = try parameters
        let record = try askingSSM(name) { () throws(Failure) in try store.parameter(selection.reference) }
        return try store.shown(record, decrypted: false)
    }
}

extension JSONWriter {
    mutating func parameter(_ parameter: PublicParameter, _ call: Call) {
        field("Name", parameter.name)
        field("Type", ParameterType.string.rawValue)
        field("Value", parameter.value)
        field("Version", 1)
        field("ARN", ARN("ssm", in: call.region, "parameter\(parameter.name)").description)
        field("DataType", ParameterDataType.text.rawValue)
    }
}
