/// The state of an EBS volume, with EC2's words.
package enum VolumeState: String, Sendable, CaseIterable {
    case creating, available
    case inUse = "in-use"
    case deleting, deleted, error
}

/// What EBS asks of the performance of a volume.
package enum VolumePerformance {
    /// Of a combination that EBS does not have.
    package static func refusal(type: VolumeType, size: Int, iops: Int?, throughput: Int?) -> PlaneError? {
        let isProvisioned = type == .io1 || type == .io2
        if isProvisioned && iops == nil { return .missing("iops") }
        if iops != nil && !isProvisioned && type != .gp3 {
            return PlaneError(.invalidParameterCombination, "The parameter iops is not supported for \(type.rawValue) volumes.")
        }
        if throughput != nil && type != .gp3 {
            return PlaneError(
                .invalidParameterCombination, "The parameter throughput is not supported for \(type.rawValue) volumes.")
        }
        return sizes(type).contains(size)
            ? nil
            : PlaneError(
                .invalidParameterValue,
                "Volume size \(size) GiB is not within \(sizes(type).lowerBound) to \(sizes(type).upperBound) GiB.")
    }

    /// GiB.
    static func sizes(_ type: VolumeType) -> ClosedRange<Int> {
        switch type {
        case .gp2, .gp3: 1...16_384
        case .io1, .io2: 4...16_384
        case .st1, .sc1: 125...16_384
        case .standard: 1...1024
        }
    }

    /// What a volume has whose IOPS were not said.
    package static func usualIOPS(_ type: VolumeType, size: Int) -> Int? {
        switch type {
        case .gp3: 3000
        case .gp2: min(max(3 * size, 100), 16_000)
        default: nil
        }
    }

    /// What a volume gets that becomes one of a type whose IOPS are said, where they are not; nil for other types.
    package static func iopsOfChange(to type: VolumeType) -> Int? {
        switch type {
        case .gp3, .io1, .io2: 3000
        default: nil
        }
    }

    /// MiB a second.
    package static func usualThroughput(_ type: VolumeType) -> Int? { type == .gp3 ? 125 : nil }
}
