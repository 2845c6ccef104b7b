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

/// As `asking`, in SSM's words.
func askingSSM<Result>(_ body: () throws(Failure) -> Result) throws(APIError) -> Result {
    do throws(Failure) { return try body() } catch {
        switch error.planeError?.code {
        case .parameterVersionNotFound, .parameterVersionLabelLimitExceeded, .parameterMaxVersionLimitExceeded,
            .hierarchyTypeMismatch:
            throw APIError(error)
        default: break
        }
        switch error.code {
        case .notFound: throw APIError("ParameterNotFound", "Parameter not found.")
        case .conflict:
            throw APIError(
                "ParameterAlreadyExists",
                "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.")
        case .invalid: throw APIError("ValidationException", error.message)
        default: throw APIError(error)
        }
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
        if text.hasPrefix("arn:") {
            let own = "arn:aws:ssm:\(call.region):\(call.account):parameter/"
            guard text.hasPrefix(own) else { throw APIError("ParameterNotFound", "Parameter not found.") }
            let rest = String(text.dropFirst(own.count))
            // A name of one word stands in an ARN without its slash, a path with the one that it begins with.
            name = rest.contains("/") ? "/" + rest : rest
        }
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
        field("Version", record.version)
        field("Tier", record.tier.rawValue)
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

    init(_ all: [Element], limit: Int?, token: String?, most: Int) throws(APIError) {
        let limit = limit ?? most
        guard 1...most ~= limit else {
            throw APIError(
                "ValidationException",
                "1 validation error detected: Value '\(limit)' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to \(most)"
            )
        }
        let start = token.flatMap { Int($0) } ?? 0
        guard token == nil || 1...all.count ~= start || all.isEmpty else {
            throw APIError("InvalidNextToken", "The specified token isn't valid.")
        }
        let from = min(start, all.count)
        let end = min(from + limit, all.count)
        elements = all[from..<end]
        next = end < all.count ? String(end) : nil
    }
}
