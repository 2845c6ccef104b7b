import Cloud
import FoundationEssentials
import Model

extension Call {
    /// The parameters of the caller's account in the region that is asked.
    var parameters: any ParameterStore {
        get throws(APIError) {
            try askingSSM { () throws(Failure) in try plane.makeRegion(region).parameters(of: account) }
        }
    }
}

/// As `asking`, in SSM's words. `name` is the parameter that was asked for.
func askingSSM<Result>(_ name: String? = nil, _ body: () throws(Failure) -> Result) throws(APIError) -> Result {
    do throws(Failure) { return try body() } catch {
        // A bound that has words of its own in each action.
        if let refusal = error.planeError, refusal.code != .tagLimitExceeded { throw APIError(error) }
        switch error.code {
        case .notFound: throw .notFound(parameter: name)
        case .conflict:
            throw APIError(
                "ParameterAlreadyExists",
                "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.")
        case .invalid: throw APIError("ValidationException", error.message)
        default: throw APIError(error)
        }
    }
}

extension APIError {
    static func notFound(parameter name: String?) -> APIError {
        APIError("ParameterNotFound", name.map { "Parameter \($0.prefix(2048)) not found." } ?? "Parameter not found.")
    }
}

/// A reference of a request: a name, with a version or a label behind a colon, or the ARN of a parameter.
struct ParameterSelection {
    let reference: ParameterReference
    /// `:3` or `:live`, as the answer repeats it.
    let selector: String?

    /// Of another account or region an ARN means a parameter that is not there for the caller.
    init(_ text: String, _ call: Call) throws(APIError) {
        var name = text
        if ARN.isMeant(by: text) {
            guard let arn = ARN(text), arn == ARN("ssm", in: call.region, of: call.account, arn.resource),
                let rest = arn.name(of: "parameter")
            else { throw .notFound(parameter: text) }
            // A name of one word is the same with its slash and without.
            name = "/" + rest
        }
        // A second colon is part of no name.
        guard name.count(where: { $0 == ":" }) <= 1 else { throw .notFound(parameter: text) }
        let reference = try askingSSM { () throws(Failure) in try ParameterReference(parsing: name) }
        self.reference = reference
        selector = reference.selector.map { ":\($0)" }
    }
}

extension JSONWriter {
    /// A parameter with its value, as the Get actions answer.
    mutating func parameter(_ record: ParameterRecord, value: String, selector: String? = nil) {
        field("Name", record.name.description)
        field("Type", record.type.rawValue)
        field("Value", value)
        field("Version", record.version)
        field("Selector", ifPresent: selector)
        field("LastModifiedDate", record.modified.seconds)
        field("ARN", record.arn)
        field("DataType", record.dataType.rawValue)
    }

    /// A parameter as lists and histories describe it.
    mutating func metadata(_ record: ParameterRecord) {
        field("Name", record.name.description)
        field("ARN", record.arn)
        field("Type", record.type.rawValue)
        field("LastModifiedDate", record.modified.seconds)
        field("LastModifiedUser", record.user)
        if !record.description.isEmpty { field("Description", record.description) }
        field("KeyId", ifPresent: record.keyID)
        if !record.allowedPattern.isEmpty { field("AllowedPattern", record.allowedPattern) }
        field("Version", record.version)
        field("Tier", record.tier.rawValue)
        if let policy = record.policy {
            field("Policies", CollectionOfOne(policy)) { policy, json in
                json.field("PolicyText", policy.text)
                json.field("PolicyType", "Expiration")
                // What has finished took the parameter with it.
                json.field("PolicyStatus", "Pending")
            }
        }
        field("DataType", record.dataType.rawValue)
    }
}

extension ParameterStore {
    /// The value as it may be shown: of a SecureString the encrypted bytes in base64, unless it is to be decrypted.
    func shown(_ record: ParameterRecord, decrypted: Bool) throws(APIError) -> String {
        if case .sealed(let bytes) = record.stored, !decrypted { return Data(bytes).base64EncodedString() }
        return try askingSSM { () throws(Failure) in try value(of: record) }
    }
}

/// A part of a list, and where the next one begins.
struct SSMPage<Element> {
    let elements: ArraySlice<Element>
    let next: String?

    /// `usual` is the size of a page where none is asked for.
    init(_ all: [Element], limit: Int?, token: String?, usual: Int? = nil, most: Int) throws(APIError) {
        let limit = limit ?? usual ?? most
        guard 1...most ~= limit else {
            let bound = limit < 1 ? "greater than or equal to 1" : "less than or equal to \(most)"
            throw SSMInput.refusal(String(limit), "maxResults", "Member must have value \(bound).")
        }
        let start = token.flatMap { Int($0) } ?? 0
        guard token == nil || all.isEmpty || 1...all.count ~= start else {
            throw APIError("InvalidNextToken", "The specified token isn't valid.")
        }
        let from = min(max(start, 0), all.count)
        let end = min(from + limit, all.count)
        elements = all[from..<end]
        next = end < all.count ? String(end) : nil
    }
}
