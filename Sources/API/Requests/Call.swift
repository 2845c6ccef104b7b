import Cloud
import Model

/// A request that was accepted: who asks, where, and what can be asked.
struct Call: Sendable {
    let plane: any Plane
    /// The temporary access keys.
    let sessions: SessionKeys
    let account: AccountID
    /// The id of the access key that signed.
    let keyID: String
    /// Of the signature's scope, but for IAM.
    var region: RegionName
    /// Of the signature's scope: `ec2`, `ssm`.
    let service: String
    let now: Instant
    let requestID: String
    /// The documents and builds behind Image Builder; nil where the endpoint has none.
    var workshop: Workshop?
    /// Everything is checked, and nothing is changed.
    var isDryRun = false

    /// What the caller can do in the region that is asked.
    var actions: any RegionActions {
        get throws(Failure) { try plane.actions(in: region, as: .account(account), isDryRun: isDryRun) }
    }

    /// For looking something up within an action that is to come to its own end.
    var withoutDryRun: Call {
        var call = self
        call.isDryRun = false
        return call
    }

    /// The end of an action that needs no plane.
    func endDryRun() throws(APIError) {
        if isDryRun { throw .dryRun }
    }
}
