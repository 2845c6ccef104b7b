import Model

extension ParameterStore {
    /// A parameter as component documents refer to it, `/web/port`, or a version of it, `/web/port:3`. Nil where there is none.
    package func stored(_ name: String) throws(Failure) -> StoredParameter? {
        let reference = try ParameterReference(parsing: name)
        let record: ParameterRecord
        do throws(Failure) { record = try parameter(reference) } catch {
            if error.code == .notFound { return nil }
            throw error
        }
        let text = try value(of: record)
        switch record.type {
        case .string: return StoredParameter(.string(text))
        case .stringList:
            return StoredParameter(.list(text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)))
        case .secureString: return StoredParameter(.secure(text))
        }
    }
}
