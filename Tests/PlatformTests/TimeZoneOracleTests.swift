import Platform
import TestSupport
import Testing

/// Every zone of the database against Python's zoneinfo, which is other code over the same files.
@Suite struct `Time zones agree with Python` {
    @Test(
        "the offset of every zone at random instants of 1900 to 2400 is Python's",
        .enabled(if: Python.isAvailable, Python.missing))
    func offsets() throws {
        let script = """
            import random, sys, datetime, zoneinfo
            utc = datetime.timezone.utc
            start, end = -2208988800, 13569465600
            for name in sys.stdin.read().split():
                pick = random.Random(name)
                zone = zoneinfo.ZoneInfo(name)
                line = []
                for index in range(120):
                    # Half of the instants lie in the years that have most changes.
                    at = pick.randrange(start, end) if index % 2 else pick.randrange(-2208988800, 2145916800)
                    moment = datetime.datetime(1970, 1, 1, tzinfo=utc) + datetime.timedelta(seconds=at)
                    line.append('%d %d' % (at, moment.astimezone(zone).utcoffset().total_seconds()))
                print(name, ' '.join(line))
            """
        let compared = try compare(script) { zone, at, expected in
            #expect(zone.offset(at: at) == Int(expected[0]), "\(zone.name) at \(at)")
        }
        #expect(compared > 50_000)
    }

    @Test(
        "local times around every change of the clocks resolve as Python's fold says",
        .enabled(if: Python.isAvailable, Python.missing))
    func resolutions() throws {
        let script = """
            import sys, datetime, zoneinfo
            utc = datetime.timezone.utc
            epoch = datetime.datetime(1970, 1, 1)
            def offset(zone, at):
                return int((epoch.replace(tzinfo=utc) + datetime.timedelta(seconds=at)).astimezone(zone).utcoffset().total_seconds())
            def changes(zone):
                # Years with few changes and many, and years that only the footer knows.
                for first, last in ((1915, 1921), (1940, 1947), (1994, 1997), (2009, 2013), (2036, 2040), (2150, 2152)):
                    at = (first - 1970) * 31556952
                    before = offset(zone, at)
                    while at < (last - 1970) * 31556952:
                        at += 7 * 86400
                        after = offset(zone, at)
                        if after != before:
                            low, high = at - 7 * 86400, at
                            while high - low > 1:
                                middle = (low + high) // 2
                                if offset(zone, middle) == before: low = middle
                                else: high = middle
                            yield high, before, offset(zone, high)
                        before = after
            for name in sys.stdin.read().split():
                zone = zoneinfo.ZoneInfo(name)
                line = []
                for at, before, after in changes(zone):
                    edges = sorted((at + before, at + after))
                    for local in (edges[0] - 1, edges[0], (edges[0] + edges[1]) // 2, edges[1] - 1, edges[1]):
                        moment = epoch + datetime.timedelta(seconds=local)
                        first = int(moment.replace(tzinfo=zone).utcoffset().total_seconds())
                        second = int(moment.replace(tzinfo=zone, fold=1).utcoffset().total_seconds())
                        line.append('%d %d %d' % (local, local - first, local - second))
                print(name, ' '.join(line))
            """
        let compared = try compare(script, numbers: 3) { zone, local, expected in
            #expect(zone.resolve(local: local) == Self.resolution(expected[0], expected[1]), "\(zone.name) at local \(local)")
        }
        #expect(compared > 10_000)
    }

    /// Python's answers for fold 0 and 1: in a gap the one for fold 1 is the earlier.
    private static func resolution(_ first: Int64, _ second: Int64) -> ZoneInfo.Resolution {
        if first == second { return .one(first) }
        return first < second ? .overlap(first: first, second: second) : .gap
    }

    /// Runs the script for all zones; of each group of `numbers` it prints, the first is the question.
    private func compare(_ script: String, numbers: Int = 2, check: (ZoneInfo, Int64, [Int64]) -> Void) throws -> Int {
        var compared = 0
        for line in try Python.run(script, input: ZoneInfo.names().joined(separator: "\n")).split(separator: "\n") {
            let words = line.split(separator: " ")
            let zone = try ZoneInfo(named: String(words[0]))
            for start in stride(from: 1, to: words.count, by: numbers) {
                let group = try words[start..<start + numbers].map { try #require(Int64($0)) }
                check(zone, group[0], Array(group.dropFirst()))
                compared += 1
            }
        }
        return compared
    }

    @Test("the list of zones is Python's, less what is no zone of its own", .enabled(if: Python.isAvailable, Python.missing))
    func list() throws {
        let script = "import zoneinfo; print(' '.join(zoneinfo.available_timezones()))"
        let expected = Set(try Python.run(script).split(whereSeparator: \.isWhitespace).map(String.init))
        let names = ZoneInfo.names()
        #expect(Set(names).symmetricDifference(expected).subtracting(["localtime", "Factory"]) == [])
        #expect(names == names.sorted())
    }
}
