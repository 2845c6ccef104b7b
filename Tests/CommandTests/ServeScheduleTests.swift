import Cloud
import Model
import Orchestration
import Platform
import TestSupport
import Testing

/// What `ingot serve` does by itself.
@Suite struct `A server` {
    /// A policy that was made in May 2026, on one volume, and whose nights have passed since.
    private func overdue(_ home: String) throws -> Workspace {
        let then = TestEnvironment(at: try Instant(parsing: "2026-05-01"))
        let workspace = try Workspace(home: home, environment: then.environment)
        let actions = try workspace.plane.actions(in: RegionName(parsing: "us-east-1"), as: workspace.plane.settings.account)
        let tag = try Tag(key: "Backup", value: "yes")
        _ = try actions.createVolume(VolumeCreation(zone: "us-east-1a", size: 1, tags: TagSet([tag])))
        _ = try actions.createRole(
            RoleCreation(
                name: "lifecycle",
                trust:
                    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"dlm.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#
            ))
        var schedule = PolicySchedule()
        schedule.creation = PolicySchedule.Creation()
        schedule.creation?.cron = "cron(0 3 * * ? *)"
        schedule.retention = PolicySchedule.Retention(count: 100)
        var details = PolicyDetails()
        details.resourceTypes = [.volume]
        details.targetTags = [tag]
        details.schedules = [schedule]
        let role = "arn:aws:iam::\(workspace.plane.settings.account):role/lifecycle"
        _ = try actions.createLifecyclePolicy(PolicyCreation(roleARN: role, description: "nightly", details: details))
        return workspace
    }

    private func snapshots(_ workspace: Workspace) throws -> Int {
        try workspace.plane.actions(in: RegionName(parsing: "us-east-1"), as: workspace.plane.settings.account)
            .describeSnapshots(SnapshotQuery()).count
    }

    @Test func `carries out lifecycle policies that are due, once even if two of them serve`() throws {
        try CommandRunner.inFolder { ingot in
            let workspace = try overdue("\(ingot.folder)/.ingot")
            let words = ["serve", "--port", "0", "--ssh-port", "0"]
            var second: (status: Int32, error: String)?
            let first = try ingot.interrupt(words) {
                second = try ingot.interrupt(words) {
                    while try !ingot("schedule", "list", "-o", "json").output.contains("last") {}
                    while try snapshots(workspace) == 0 {}
                }
            }
            #expect(first.status == 0 && second?.status == 0)
            let told = (first.error + (second?.error ?? "")).split(separator: "\n").filter { $0.contains("  made snap-") }
            #expect(told.count == 1, "\(first.error)\(second?.error ?? "")")
            #expect(try snapshots(workspace) == 1)
        }
    }

    @Test func `carries out the schedules of pipelines, and none with --no-schedules`() throws {
        try CommandRunner.withSmall { ingot in
            try ingot.write("pipelines/small.yaml", CommandRunner.pipeline + "schedule: {rate: 1 day}\n")
            func seen() throws -> Bool { try ingot("events", "--kind", "schedule.finished", "-o", "quiet").output.contains("\n") }
            let idle = try ingot.interrupt(["serve", "--port", "0", "--ssh-port", "0", "--no-schedules"]) {
                // It has begun to serve when the first access key is asked for in vain.
                while !Files.exists("\(ingot.folder)/.ingot/ledger.db") {}
            }
            #expect(try idle.status == 0 && !seen())
            let serving = try ingot.interrupt(["serve", "--port", "0", "--ssh-port", "0"]) { while try !seen() {} }
            #expect(serving.status == 0)
        }
    }
}
