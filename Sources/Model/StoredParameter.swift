/// The value of a parameter of Systems Manager's Parameter Store.
package struct StoredParameter: Sendable, Hashable {
    package enum Value: Sendable, Hashable {
        case string(String)
        case list([String])
        /// Never to be shown.
        case secure(String)
    }

    package var value: Value

    package init(_ value: Value) { self.value = value }
}
