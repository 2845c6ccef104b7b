import Model

/// EC2's actions on what an account has set for the encryption of all that is new, by its names.
package protocol EncryptionActions: Sendable {
    /// Whether new volumes, and copies of snapshots and images, are encrypted.
    func isEncryptedByDefault() throws(Failure) -> Bool
    func encryptByDefault(_ isOn: Bool) throws(Failure)
    /// The key where none is named: its ARN, or the alias of AWS's.
    func defaultEncryptionKey() throws(Failure) -> String
    /// Takes an id, an alias or an ARN; nil for AWS's. Returns the key's ARN.
    func setDefaultEncryptionKey(_ name: String?) throws(Failure) -> String
}
