import Components
import Model
import Pipeline

/// The parameters of the region that a build has.
package final class ServiceParameters: ParameterSource {
    private let services: StageServices

    package init(_ services: StageServices) { self.services = services }

    package func parameter(_ name: String) throws(Failure) -> StoredParameter? { try services.parameter(name) }
}
