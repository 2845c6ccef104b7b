extension PlaneError {
    package static func notFound(vpc id: VPCID) -> PlaneError {
        PlaneError(.invalidVPCNotFound, "The vpc ID '\(id)' does not exist")
    }

    package static func notFound(subnet text: String) -> PlaneError {
        PlaneError(.invalidSubnetNotFound, "The subnet ID '\(text)' does not exist")
    }

    package static func notFound(securityGroup text: String) -> PlaneError {
        PlaneError(.invalidGroupNotFound, "The security group '\(text)' does not exist")
    }

    package static func notFound(securityGroupRule text: String) -> PlaneError {
        PlaneError(.invalidSecurityGroupRuleNotFound, "The security group rule ID '\(text)' does not exist")
    }

    package static func notFound(keyPair name: String) -> PlaneError {
        PlaneError(.invalidKeyPairNotFound, "The key pair '\(name)' does not exist")
    }

    package static func notFound(routeTable text: String) -> PlaneError {
        PlaneError(.invalidRouteTableNotFound, "The routeTable ID '\(text)' does not exist")
    }

    package static func notFound(internetGateway text: String) -> PlaneError {
        PlaneError(.invalidGatewayNotFound, "The internetGateway ID '\(text)' does not exist")
    }

    package static func notFound(networkInterface text: String) -> PlaneError {
        PlaneError(.invalidNetworkInterfaceNotFound, "The networkInterface ID '\(text)' does not exist")
    }

    package static func notFound(dhcpOptions text: String) -> PlaneError {
        PlaneError(.invalidDHCPOptionsNotFound, "The dhcpOption ID '\(text)' does not exist")
    }

    package static func notFound(allocation text: String) -> PlaneError {
        PlaneError(.invalidAllocationNotFound, "The allocation ID '\(text)' does not exist")
    }

    package static func notFound(address text: String) -> PlaneError {
        PlaneError(.invalidAddressNotFound, "Address '\(text)' not found.")
    }

    package static func hasDependencies(_ noun: String, _ id: String) -> PlaneError {
        PlaneError(.dependencyViolation, "The \(noun) '\(id)' has dependencies and cannot be deleted.")
    }
}
