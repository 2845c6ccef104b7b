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

    package static func hasDependencies(_ noun: String, _ id: String) -> PlaneError {
        PlaneError(.dependencyViolation, "The \(noun) '\(id)' has dependencies and cannot be deleted.")
    }
}
