/// EC2's names of machine architectures.
package enum Architecture: String, Sendable, Codable, CaseIterable {
    case x86 = "x86_64"
    case arm64
}

/// EC2's names of EBS volume types.
package enum VolumeType: String, Hashable, Sendable, Codable, CaseIterable {
    case gp3, gp2, io1, io2, st1, sc1, standard
}
