import Model
import Testing

@Suite("the plane's small rules")
struct PlaneRulesTests {
    @Test(
        "a wildcard is any text or one character, unless a backslash stands before it",
        arguments: [
            ("web", "web", true), ("web", "webs", false), ("web", "Web", false), ("*", "", true), ("*", "anything", true),
            ("w*b", "wb", true), ("w*b", "web", true), ("w*b", "wexbx", false), ("?", "", false), ("?", "x", true),
            ("a?c", "abc", true), ("a?c", "ac", false), ("a\\*c", "a*c", true), ("a\\*c", "abc", false),
            ("a\\?c", "a?c", true), ("a\\?c", "abc", false), ("a\\\\", "a\\", true), ("a\\bc", "a\\bc", true),
            ("a\\", "a\\", true), ("*a*b*", "xxaxxbxx", true), ("*a*b*", "xxbxxaxx", false), ("**", "x", true), ("", "", true),
            ("", "x", false), ("2021-09-29T*", "2021-09-29T11:04:43.305Z", true), ("ü?", "üx", true),
        ])
    func wildcard(_ pattern: String, _ text: String, _ matches: Bool) {
        #expect(FilterPattern(pattern).matches(text) == matches)
    }

    @Test("a pattern without wildcards is one text, and matches what it is")
    func literals() {
        #expect(FilterPattern("a\\*b").literal == "a*b")
        #expect(FilterPattern("a*").literal == nil && FilterPattern("a?").literal == nil)
        #expect(ResourceFilter("name", ["a", "b"]).literals == ["a", "b"])
        #expect(ResourceFilter("name", ["a", "b*"]).literals == nil)
        #expect(!ResourceFilter("name", []).accepts(["a"]))
    }

    @Test("a pattern of many stars takes no more steps than both lengths multiplied", .timeLimit(.minutes(1)))
    func manyStars() {
        let pattern = FilterPattern(String(repeating: "*a", count: 500) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 5000)))
    }

    @Test("protection ends at once, or 24 hours after it was taken away")
    func protection() {
        let now = Instant(seconds: 1000)
        #expect(DeregistrationProtection.enabled(withCooldown: false).disabling(at: now) == .disabled)
        let cooling = DeregistrationProtection.enabled(withCooldown: true).disabling(at: now)
        #expect(cooling == .cooling(until: Instant(seconds: 1000 + 86_400)))
        #expect(cooling.disabling(at: now + .hours(23)) == cooling)
        #expect(cooling.protects(at: now + .hours(23)) && !cooling.protects(at: now + .hours(24)))
        #expect(DeregistrationProtection.enabled(withCooldown: true).text(at: now) == "enabled-with-cooldown")
        #expect(DeregistrationProtection.enabled(withCooldown: false).text(at: now) == "enabled-without-cooldown")
        #expect(cooling.text(at: now + .hours(24)) == "disabled")
    }

    @Test(
        "times of deprecation are rounded to the minute, halves upwards",
        arguments: [(0, 0), (29, 0), (30, 60), (59, 60), (60, 60), (3629, 3600), (3630, 3660)])
    func rounding(_ seconds: Int64, _ expected: Int64) throws {
        let time = try ImageDeprecation.time(
            Instant(seconds: seconds), now: .epoch, created: .epoch, isPublic: false)
        #expect(time.seconds == expected)
    }

    @Test("a public image is deprecated two years after its creation, on the same day, or on the 28th of February")
    func publicDeprecation() throws {
        let created = try Instant(parsing: "2024-02-29T12:00:00Z")
        let limit = ImageDeprecation.effective(nil, created: created, isPublic: true)
        #expect(limit?.description == "2026-02-28T12:00:00Z")
        let early = try Instant(parsing: "2025-01-01")
        #expect(ImageDeprecation.effective(early, created: created, isPublic: true) == early)
        #expect(ImageDeprecation.effective(try Instant(parsing: "2030-01-01"), created: created, isPublic: true) == limit)
        #expect(ImageDeprecation.effective(nil, created: created, isPublic: false) == nil)
    }

    @Test("of retention rules that match, the longest counts; excluded tags are for rules of the whole region")
    func retention() throws {
        let a = try Model.Tag(key: "a", value: "1")
        let b = try Model.Tag(key: "b", value: "2")
        let rules = [
            RetentionRule(.image, days: 3, tags: [a, b]), RetentionRule(.image, days: 5, tags: [b]),
            RetentionRule(.image, days: 1, excluded: [a]), RetentionRule(.snapshot, days: 9),
        ]
        func days(_ tags: [Model.Tag]) throws -> TimeSpan? { RetentionRule.retention(rules, of: .image, tags: try TagSet(tags)) }
        #expect(try days([a]) == .days(3))
        #expect(try days([a, b]) == .days(5))
        #expect(try days([]) == .days(1))
        #expect(RetentionRule.retention([rules[2]], of: .image, tags: try TagSet([a])) == nil)
        #expect(RetentionRule.retention(rules, of: .snapshot, tags: TagSet()) == .days(9))
    }

    @Test("a lock holds until its end; in compliance mode it is only extended once it has cooled")
    func locks() {
        let start = Instant(seconds: 0)
        let lock = SnapshotLock(mode: .compliance, locked: start, cools: start + .hours(2), ends: start + .days(10))
        #expect(lock.state(at: start) == .complianceCoolOff && lock.refusal(toUnlockAt: start) == nil)
        let cooled = start + .hours(2)
        #expect(lock.state(at: cooled) == .compliance && lock.refusal(toUnlockAt: cooled)?.code == .operationNotPermitted)
        let longer = SnapshotLock(mode: .compliance, locked: cooled, ends: start + .days(11))
        let shorter = SnapshotLock(mode: .compliance, locked: cooled, ends: start + .days(9))
        let weaker = SnapshotLock(mode: .governance, locked: cooled, ends: start + .days(11))
        #expect(lock.refusal(toReplaceWith: longer, at: cooled) == nil)
        #expect(lock.refusal(toReplaceWith: shorter, at: cooled) != nil)
        #expect(lock.refusal(toReplaceWith: weaker, at: cooled) != nil)
        #expect(lock.refusal(toReplaceWith: weaker, at: start) == nil)
        #expect(lock.state(at: start + .days(10)) == .expired && !lock.protects(at: start + .days(10)))
        #expect(SnapshotLock(mode: .governance, locked: start, ends: start + .days(1)).refusal(toUnlockAt: start) == nil)
    }

    @Test("tokens of pages come back as they were given out, and others are refused")
    func pageTokens() throws {
        #expect(try PageToken(parsing: PageToken(after: 42).description) == PageToken(after: 42))
        for text in ["", "42", "ingot1-", "ingot1-x", "ingot1--1", "ingot1-99999999999999999999"] {
            let error = #expect(throws: PlaneError.self) { try PageToken(parsing: text) }
            #expect(error?.code == .invalidNextToken)
        }
    }

    @Test(
        "zones have EC2's names and ids",
        arguments: [
            ("us-east-1", "us-east-1a", "use1-az1"), ("ap-northeast-2", "ap-northeast-2a", "apne2-az1"),
            ("eu-central-1", "eu-central-1a", "euc1-az1"), ("ap-southeast-1", "ap-southeast-1a", "apse1-az1"),
        ])
    func zones(_ region: String, _ name: String, _ id: String) throws {
        let zones = PlaneSettings.single.zones(of: try RegionName(parsing: region))
        #expect(zones.count == 3 && zones[0].name == name && zones[0].id == id)
    }

    @Test(
        "names of organizations and units are taken as AWS writes them",
        arguments: [
            ("arn:aws:organizations::111111111111:organization/o-abcdefghij", true, false),
            ("arn:aws:organizations::111111111111:ou/o-abcdefghij/ou-ab12-cdef3456", false, true),
            ("arn:aws:organizations::111111111111:organization/o-short", false, false),
            ("arn:aws:organizations::1111:organization/o-abcdefghij", false, false),
            ("arn:aws:organizations::111111111111:organization/o-ABCDEFGHIJ", false, false),
            ("arn:aws:organizations::111111111111:ou/o-abcdefghij/ou-ab1-cdef3456", false, false),
            ("arn:aws:organizations::111111111111:ou/o-abcdefghij", false, false), ("", false, false),
        ])
    func arns(_ text: String, _ isOrganization: Bool, _ isUnit: Bool) {
        #expect(((try? OrganizationARN(parsing: text)) != nil) == isOrganization)
        #expect(((try? UnitARN(parsing: text)) != nil) == isUnit)
    }

    @Test("a failure of the plane carries AWS's error, and says its message")
    func failures() {
        let failure = Failure(.publicAccessBlocked)
        #expect(failure.planeError?.code.rawValue == "OperationNotPermitted" && failure.code == .denied)
        #expect(failure.message.hasPrefix("You can't publicly share this image because"))
        #expect(PlaneError.dryRun.httpStatus == 412 && PlaneError.noStoragePermission.httpStatus == 400)
        #expect(throws: Never.self) { try PlaneError?.none.check() }
        #expect(throws: Failure.self) { try PlaneError?.some(.dryRun).check() }
    }
}
