import Components
import Model
import Pipeline

/// The parameters of the region that a build has.
package final class ServiceParameters: ParameterSource {
    private let services: StageServices
    private let onSecret: (SecretReference, String) -> Void

    /// `onSecret` is told of each secure parameter that is read, and its value.
    package init(_ services: StageServices, onSecret: @escaping (SecretReference, String) -> Void = { _, _ in }) {
        self.services = services
        self.onSecret = onSecret
    }

    package func parameter(_ name: String) throws(Failure) -> StoredParameter? {
        let stored = try services.parameter(name)
        if case .secure(let value)? = stored?.value { onSecret(.parameter(name), value) }
        return stored
    }
}
