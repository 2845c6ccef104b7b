import Model
import Testing

/// Lifecycle policies: when they are due, what goes, and what is refused.
@Suite struct PolicyTests {
    private func schedule(_ creation: (inout PolicySchedule.Creation) -> Void) -> PolicySchedule {
        var schedule = PolicySchedule()
        var rule = PolicySchedule.Creation()
        creation(&rule)
        schedule.creation = rule
        schedule.retention = PolicySchedule.Retention(count: 3)
        return schedule
    }

    private func details(_ change: (inout PolicyDetails) -> Void = { _ in }) throws -> PolicyDetails {
        var details = PolicyDetails()
        details.resourceTypes = [.volume]
        details.targetTags = [try Tag(key: "Backup", value: "yes")]
        details.schedules = [
            schedule {
                $0.interval = 12
                $0.intervalUnit = "HOURS"
            }
        ]
        change(&details)
        return details
    }

    private let start = Instant(seconds: 1_795_000_000)  // 2026-11-18T11:06:40Z

    private func refusal(_ details: PolicyDetails) throws -> String? {
        let region = try RegionName(parsing: "us-east-1")
        do throws(Failure) {
            try details.check(in: region, known: ["us-east-1", "us-west-2", "eu-west-1"], at: start)
            return nil
        } catch {
            #expect(error.planeError?.code == .invalidRequestException, "\(error)")
            return error.message
        }
    }

    @Test("an interval is the hours of a day that its time lies in, and without a time those of the minute it was made in")
    func intervals() throws {
        let timed = schedule {
            $0.interval = 8
            $0.intervalUnit = "HOURS"
            $0.times = ["09:30"]
        }
        #expect(
            try timed.timing(from: start, made: start).runs(after: start, count: 4).map(\.description) == [
                "2026-11-18T17:30:00Z", "2026-11-19T01:30:00Z", "2026-11-19T09:30:00Z", "2026-11-19T17:30:00Z",
            ])
        let daily = schedule {
            $0.interval = 24
            $0.intervalUnit = "HOURS"
        }
        #expect(try daily.timing(from: start, made: start).next(after: start)?.description == "2026-11-19T11:06:00Z")
        let cron = schedule { $0.cron = "cron(0 2 ? * SUN *)" }
        #expect(try cron.timing(from: start, made: start).next(after: start)?.description == "2026-11-22T02:00:00Z")
    }

    @Test(
        "months and years are those of the calendar",
        arguments: [
            (1, RetentionAge.Unit.days, "2024-02-01T05:00:00Z"), (2, .weeks, "2024-02-14T05:00:00Z"),
            (1, .months, "2024-02-29T05:00:00Z"), (13, .months, "2025-02-28T05:00:00Z"), (12, .months, "2025-01-31T05:00:00Z"),
            (1, .years, "2025-01-31T05:00:00Z"), (100, .years, "2124-01-31T05:00:00Z"),
        ])
    func ages(count: Int, unit: RetentionAge.Unit, end: String) throws {
        let made = try Instant(parsing: "2024-01-31T05:00:00Z")
        #expect(RetentionAge(count: count, unit: unit).end(from: made).description == end)
        #expect(RetentionAge(count: count, unit: unit).isPossible)
        #expect(!RetentionAge(count: 36_526, unit: unit).isPossible && !RetentionAge(count: 0, unit: unit).isPossible)
    }

    /// Two volumes, with a product a day.
    private var products: [PolicyProduct] {
        (0..<5).flatMap { day in
            ["vol-a", "vol-b"].map { source in
                PolicyProduct(
                    id: "snap-\(source)-\(day)", source: source, schedule: "Daily", due: start + .days(Int64(day)))
            }
        }
    }

    @Test("by count each source keeps its newest, by age what is young, and the newest of a source stays whatever its age")
    func retention() {
        let byCount = PolicySchedule.Retention(count: 3).expired(products, at: start + .days(5))
        #expect(byCount.map(\.id) == ["snap-vol-a-0", "snap-vol-b-0", "snap-vol-a-1", "snap-vol-b-1"])
        let age = PolicySchedule.Retention(interval: 3, unit: .days)
        #expect(age.expired(products, at: start + .days(4)).map(\.id) == byCount.map(\.id))
        #expect(age.expired(products, at: start + .days(4).minus(1)).count == 2)
        let late = age.expired(products, at: start + .days(900))
        #expect(late.count == 8 && !late.contains { $0.id.hasSuffix("-4") })
        #expect(PolicySchedule.Retention(count: 1).expired([], at: start).isEmpty)
    }

    @Test("schedules that are due together are one: the longest keeps it, with the tags and the copies of all")
    func merging() throws {
        var hourly = schedule { $0.interval = 1 }
        hourly.name = "Hourly"
        hourly.copiesTags = true
        hourly.tagsToAdd = [try Tag(key: "Tier", value: "short"), try Tag(key: "By", value: "hour")]
        hourly.copies = [PolicySchedule.RegionCopy(targetRegion: "us-west-2", isEncrypted: false)]
        var daily = schedule { $0.interval = 24 }
        daily.name = "Daily"
        daily.retention = PolicySchedule.Retention(count: 30)
        daily.tagsToAdd = [try Tag(key: "Tier", value: "long")]
        daily.copies = [PolicySchedule.RegionCopy(targetRegion: "eu-west-1", isEncrypted: true)]
        let both = try #require(PolicySchedule.merged([hourly, daily]))
        #expect(both.title == "Daily" && both.retention?.count == 30 && both.copiesTags == true)
        #expect(try both.tagsToAdd == [Tag(key: "Tier", value: "long"), Tag(key: "By", value: "hour")])
        #expect(both.copies?.map(\.region) == ["eu-west-1", "us-west-2"])
        #expect(PolicySchedule.merged([]) == nil && PolicySchedule.merged([hourly]) == hourly)
    }

    @Test("policies that AWS refuses, or that ask for what is not carried, are refused")
    func refusals() throws {
        #expect(try refusal(details()) == nil)
        func first(_ change: @escaping (inout PolicySchedule) throws -> Void) throws -> PolicyDetails {
            var schedule = try #require(try details().schedules?.first)
            try change(&schedule)
            return try details { $0.schedules = [schedule] }
        }
        func creation(_ change: @escaping (inout PolicySchedule.Creation) -> Void) throws -> PolicyDetails {
            try first { schedule in
                var creation = PolicySchedule.Creation()
                change(&creation)
                schedule.creation = creation
            }
        }
        func copy(_ region: String, _ change: @escaping (inout PolicySchedule.RegionCopy) -> Void = { _ in }) throws
            -> PolicyDetails
        {
            try first { schedule in
                var copy = PolicySchedule.RegionCopy(targetRegion: region, isEncrypted: false)
                change(&copy)
                schedule.copies = [copy]
            }
        }
        func archive(_ cron: String, _ count: Int, _ tier: PolicySchedule.Retention) throws -> PolicyDetails {
            try first { schedule in
                var creation = PolicySchedule.Creation()
                creation.cron = cron
                schedule.creation = creation
                schedule.retention = PolicySchedule.Retention(count: count)
                schedule.archive = PolicySchedule.Archive(tier)
            }
        }
        #expect(try refusal(archive("cron(0 2 1 * ? *)", 0, PolicySchedule.Retention(count: 4))) == nil)
        let tag = try Tag(key: "Backup", value: "yes")
        let region = try Tag(key: "a", value: "$(region)")
        let cases: [(PolicyDetails, String)] = [
            (try details { $0.type = .events }, "EVENT_BASED_POLICY are not supported"),
            (try details { $0.language = "SIMPLIFIED" }, "needs a ResourceType"),
            (try details { $0.language = "LATIN" }, "STANDARD or SIMPLIFIED"),
            (try details { $0.createInterval = 1 }, "for default policies alone"),
            (
                try details {
                    $0.language = "SIMPLIFIED"
                    $0.resourceType = .volume
                }, "for custom policies alone"
            ),
            (try details { $0.resourceLocations = ["OUTPOST"] }, "Outposts"),
            (try details { $0.resourceTypes = nil }, "ResourceTypes"),
            (try details { $0.resourceTypes = [.volume, .instance] }, "ResourceTypes"),
            (try details { $0.type = .images }, "IMAGE_MANAGEMENT"),
            (try details { $0.targetTags = [] }, "TargetTags"), (try details { $0.targetTags = [tag, tag] }, "TargetTags"),
            (try details { $0.schedules = [] }, "Schedules must hold"),
            (try details { $0.schedules = ($0.schedules ?? []) + ($0.schedules ?? []) }, "names of schedules"),
            (
                try details { details in
                    var other = self.schedule { $0.cron = "cron(0 2 * * ? *)" }
                    other.name = "other"
                    other.retention = PolicySchedule.Retention(interval: 3, unit: .days)
                    details.schedules?.append(other)
                }, "all by age"
            ),
            (try details { $0.parameters = PolicyDetails.Parameters(excludesBootVolume: true) }, "no Parameters"),
            (
                try details {
                    $0.resourceTypes = [.instance]
                    $0.parameters = PolicyDetails.Parameters(isWithoutReboot: true)
                }, "NoReboot"
            ),
            (
                try details {
                    $0.type = .images
                    $0.resourceTypes = [.instance]
                    $0.parameters = PolicyDetails.Parameters(excludesBootVolume: true)
                }, "ExcludeBootVolume"
            ),
            (try first { $0.name = "a/b" }, "name of a schedule"), (try first { $0.creation = nil }, "no CreateRule"),
            (try first { $0.retention = nil }, "no RetainRule"),
            (try first { $0.retention = PolicySchedule.Retention(count: 1001) }, "1 to 1000"),
            (try first { $0.retention = PolicySchedule.Retention(count: 0) }, "1 to 1000"),
            (try first { $0.retention = PolicySchedule.Retention(count: 1, interval: 1, unit: .days) }, "either"),
            (try first { $0.retention = PolicySchedule.Retention(interval: 101, unit: .years) }, "100 years"),
            (try first { $0.retention = PolicySchedule.Retention(interval: .max, unit: .months) }, "100 years"),
            (try first { $0.deprecation = PolicySchedule.Retention(count: 1) }, "DeprecateRule is for"),
            (try first { $0.shares = [PolicySchedule.Share(accounts: [])] }, "12 digits"),
            (try first { $0.shares = [PolicySchedule.Share(accounts: ["222222222222", "222222222222"])] }, "each once"),
            (try first { $0.shares = [PolicySchedule.Share(accounts: ["222222222222"], interval: 1)] }, "UnshareIntervalUnit"),
            (
                try first { $0.shares = [PolicySchedule.Share(accounts: ["222222222222"], interval: 0, unit: .days)] },
                "at least 1"
            ),
            (
                try first {
                    $0.retention = PolicySchedule.Retention(interval: 1, unit: .weeks)
                    $0.shares = [PolicySchedule.Share(accounts: ["222222222222"], interval: 8, unit: .days)]
                }, "must not exceed"
            ),
            (try first { $0.archive = PolicySchedule.Archive(PolicySchedule.Retention(count: 100)) }, "at least 28 days"),
            (try archive("cron(0 2 1 * ? *)", 1, PolicySchedule.Retention(count: 2)), "at least 90 days"),
            (
                try archive("cron(0 2 1 * ? *)", 1, PolicySchedule.Retention(interval: 4, unit: .months)),
                "as its schedule's RetainRule"
            ),
            (try archive("cron(0 2 ? * SUN *)", 1, PolicySchedule.Retention(count: 100)), "at least 28 days"),
            (try first { $0.variableTags = [try Tag(key: "a", value: "$(timestamp)")] }, "VariableTags are for"),
            (try first { $0.tagsToAdd = [tag, tag] }, "each key once"),
            (
                try details {
                    $0.resourceTypes = [.instance]
                    $0.schedules?[0].variableTags = [region]
                }, "$(instance-id)"
            ),
            (try creation { $0.location = "OUTPOST_LOCAL" }, "Outposts"), (try creation { _ in }, "either"),
            (
                try creation {
                    $0.interval = 5
                    $0.intervalUnit = "HOURS"
                }, "one of 1, 2, 3"
            ),
            (
                try creation {
                    $0.interval = 12
                    $0.intervalUnit = "HOURS"
                    $0.times = ["24:00"]
                }, "hh:mm"
            ),
            (
                try creation {
                    $0.interval = 12
                    $0.intervalUnit = "HOURS"
                    $0.times = ["09:00", "10:00"]
                }, "one time"
            ),
            (try creation { $0.cron = "0 2 * * ? *" }, "cron("), (try creation { $0.cron = "cron(0 2 * * *)" }, "six"),
            (try creation { $0.cron = "cron(0/30 * * * ? *)" }, "at least an hour"),
            (try creation { $0.cron = "cron(0 2 * * ? 2020)" }, "never due"),
            (try copy("us-east-1"), "another Region"), (try copy("mars-north-1"), "another Region"),
            (try copy("us-west-2") { $0.target = "us-west-2" }, "another Region"),
            (try copy("us-west-2") { $0.key = "arn:aws:kms:us-west-2:111111111111:key/x" }, "CmkArn"),
            (try copy("us-west-2") { $0.retention = PolicySchedule.Retention(count: 2) }, "by age"),
            (try copy("us-west-2") { $0.deprecation = PolicySchedule.Retention(interval: 2, unit: .days) }, "for images"),
        ]
        for (details, words) in cases { #expect(try refusal(details)?.contains(words) == true, "\(words)") }
        #expect(try refusal(copy("us-west-2")) == nil)
    }

    @Test("an image is deprecated before it goes, and at most after ten years")
    func deprecation() throws {
        func images(_ rule: PolicySchedule.Retention, _ retention: PolicySchedule.Retention) throws -> String? {
            try refusal(
                details {
                    $0.type = .images
                    $0.resourceTypes = [.instance]
                    $0.schedules?[0].retention = retention
                    $0.schedules?[0].deprecation = rule
                })
        }
        typealias Rule = PolicySchedule.Retention
        #expect(try images(Rule(count: 2), Rule(count: 3)) == nil)
        #expect(try images(Rule(count: 4), Rule(count: 3))?.contains("must not exceed") == true)
        #expect(try images(Rule(interval: 2, unit: .weeks), Rule(interval: 1, unit: .months)) == nil)
        #expect(
            try images(Rule(interval: 2, unit: .months), Rule(interval: 1, unit: .months))?.contains("must not exceed") == true)
        #expect(try images(Rule(interval: 11, unit: .years), Rule(interval: 20, unit: .years))?.contains("10 years") == true)
    }
}

extension TimeSpan {
    fileprivate func minus(_ less: Int64) -> TimeSpan { TimeSpan(seconds: seconds - less) }
}
