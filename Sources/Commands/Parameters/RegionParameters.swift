import Cloud
import Components
import Model

/// The parameters of a region, as component documents refer to them: `/web/port`, or a version of it as `/web/port:3`.
package final class RegionParameters: ParameterSource {
    private let store: any ParameterStore

    package init(_ store: any ParameterStore) { self.store = store }

    package func parameter(_ name: String) throws(Failure) -> StoredParameter? {
        let reference = try ParameterReference(parsing: name)
        let record: ParameterRecord
        do throws(Failure) { record = try store.parameter(reference) } catch {
            if error.code == .notFound { return nil }
            throw error
        }
        let text = try store.value(of: record)
        switch record.type {
        case .string: return StoredParameter(.string(text))
        case .stringList:
            return StoredParameter(.list(text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)))
        case .secureString: return StoredParameter(.secure(text))
        }
    }
}
