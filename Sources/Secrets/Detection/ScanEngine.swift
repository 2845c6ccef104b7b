import Hyperscan
import Model

/// What the scanner says where the engine below it does not work.
enum ScanEngine {
    static func failure(_ error: HyperscanError) -> Failure {
        guard Hyperscan.isSupported else {
            return Failure(
                .unavailable, "this processor cannot run Hyperscan, which needs SSSE3, so nothing can be scanned",
                hint: "scan on another machine, or build Ingot with Vectorscan", cause: error)
        }
        return Failure(.bug, "Hyperscan cannot scan", cause: error)
    }
}
