import CommandLineKit
import Synchronization
import Testing

/// A clock that stands until it is moved; in nanoseconds.
final class HandClock: Sendable {
    private let time = Mutex<UInt64>(1_000_000_000)

    var now: UInt64 { time.withLock { $0 } }

    func advance(milliseconds: UInt64) {
        time.withLock { $0 += milliseconds * 1_000_000 }
    }
}

@Suite("the command line: progress")
struct CommandLineProgressTests {
    private static func erase(_ lines: Int) -> String { "\u{1B}[\(lines)A\r\u{1B}[J" }

    private func make(live: Bool, width: Int = 80, failure: OutputError? = nil) -> (ProgressDisplay, CapturedOutput, HandClock) {
        let output = CapturedOutput(failure: failure)
        let clock = HandClock()
        let terminal = Terminal(isInteractive: live, isStyled: false, width: width)
        return (ProgressDisplay(stream: output, terminal: terminal) { clock.now }, output, clock)
    }

    @Test("on a terminal, steps that ended stay and running ones are repainted below them")
    func live() {
        let (display, output, clock) = make(live: true)
        display.begin("1", label: "patch")
        #expect(output.take() == "• patch       0.0s\n")
        clock.advance(milliseconds: 1200)
        display.update("1", done: nil, detail: "nginx")
        #expect(output.take() == Self.erase(1) + "• patch       1.2s  nginx\n")
        clock.advance(milliseconds: 300)
        display.begin("2", label: "download")
        #expect(output.take() == Self.erase(1) + "• patch       1.5s  nginx\n• download    0.0s\n")
        clock.advance(milliseconds: 500)
        display.finish("1", .succeeded, detail: "3 packages")
        #expect(output.take() == Self.erase(2) + "✓ patch       2.0s  3 packages\n• download    0.5s\n")
        clock.advance(milliseconds: 500)
        display.finish("2", .failed, detail: nil)
        #expect(output.take() == Self.erase(1) + "✗ download    1.0s\n")
        display.finish("scrub", .skipped, detail: "cached")
        display.close()
        #expect(output.take() == "↷ scrub       0.0s  cached\n")
    }

    @Test("a terminal is painted at most ten times a second, and a tick catches up")
    func paintRate() {
        let (display, output, clock) = make(live: true)
        display.begin("1", label: "copy")
        for count in 0..<1000 {
            clock.advance(milliseconds: 1)
            display.update("1", done: ProgressAmount(UInt64(count), of: 1000, unit: .items), detail: nil)
        }
        #expect(output.writes == 11)
        _ = output.take()
        clock.advance(milliseconds: 99)
        display.tick()
        #expect(output.take() == "")
        clock.advance(milliseconds: 1)
        display.tick()
        #expect(output.take().contains("999 of 1000"))
    }

    @Test("bytes have a bar, an amount and a rate, which counts from the first amount heard of")
    func amounts() {
        let (display, output, clock) = make(live: true)
        display.begin("1", label: "copy")
        display.update("1", done: ProgressAmount(50_000_000, of: 100_000_000), detail: nil)
        clock.advance(milliseconds: 2000)
        _ = output.take()
        display.update("1", done: ProgressAmount(75_000_000, of: 100_000_000), detail: "sh.deb")
        #expect(
            output.take() == Self.erase(1)
                + "• copy        2.0s  [############----]  75.0 MB of 100.0 MB, 12.5 MB/s  sh.deb\n")
        clock.advance(milliseconds: 100)
        display.update("1", done: ProgressAmount(200_000_000, of: 100_000_000), detail: "")
        #expect(output.take().contains("[################]"))
        display.finish("1", .succeeded, detail: nil)
        display.close()
        #expect(output.take() == Self.erase(1) + "✓ copy        2.1s\n")
    }

    @Test("a line never reaches the edge of the terminal, and cannot steer it")
    func lineWidth() {
        let (display, output, clock) = make(live: true, width: 40)
        display.begin("1", label: String(repeating: "서", count: 30))
        clock.advance(milliseconds: 100)
        _ = output.take()
        display.update("1", done: nil, detail: "a\u{1B}[31m\n" + String(repeating: "x", count: 100))
        let line = output.take().dropFirst(Self.erase(1).count).dropLast()
        #expect(DisplayWidth.of(String(line)) <= 39)
        #expect(!line.contains("\u{1B}"))
        #expect(!line.contains("\n"))
    }

    @Test("labels known beforehand fix the columns, up to a limit")
    func labels() {
        let output = CapturedOutput()
        let terminal = Terminal(isInteractive: true, isStyled: false, width: 80)
        let labels = ["copy to us-west-2"]
        ProgressDisplay(stream: output, terminal: terminal, labels: labels) { 0 }.begin("1", label: "patch")
        #expect(output.take() == "• patch                0.0s\n")
        ProgressDisplay(stream: output, terminal: terminal) { 0 }.begin("1", label: String(repeating: "x", count: 40))
        #expect(output.take() == "• " + String(repeating: "x", count: 31) + "…    0.0s\n")
    }

    @Test("many running steps are counted, not shown")
    func manySteps() {
        let (display, output, clock) = make(live: true)
        for step in 1...30 { display.begin(String(step), label: "step \(step)") }
        clock.advance(milliseconds: 100)
        _ = output.take()
        display.tick()
        let lines = output.take().split(separator: "\n")
        #expect(lines.count == 13)
        #expect(lines.last == "  and 18 more")
    }

    @Test("closing leaves running steps as they are, and drops what comes later")
    func close() {
        let (display, output, clock) = make(live: true)
        display.begin("1", label: "patch")
        clock.advance(milliseconds: 50)
        display.note("stopping")
        _ = output.take()
        display.close()
        #expect(output.take() == Self.erase(1) + "stopping\n• patch       0.0s\n")
        display.finish("1", .succeeded, detail: nil)
        display.note("late")
        display.tick()
        display.close()
        #expect(output.take() == "")
    }

    @Test("a log has a line when a step begins and ends, without times of day or escape sequences")
    func log() {
        let (display, output, clock) = make(live: false)
        display.begin("1", label: "patch")
        clock.advance(milliseconds: 1200)
        display.finish("1", .succeeded, detail: "3 packages")
        display.finish("2", .skipped, detail: "unchanged since build 7")
        display.begin("3", label: "scrub")
        display.note("two\nlines \u{1B}[1m")
        display.finish("3", .failed, detail: nil)
        display.close()
        #expect(
            output.take() == """
                start   patch
                done    patch (1.2s): 3 packages
                skipped 2: unchanged since build 7
                start   scrub
                two
                lines  [1m
                failed  scrub (0.0s)

                """)
    }

    @Test("a log says something about a long step at most every five seconds, and only where there is news")
    func logRate() {
        let (display, output, clock) = make(live: false)
        display.begin("1", label: "copy")
        _ = output.take()
        display.update("1", done: ProgressAmount(0, of: 100_000_000), detail: nil)
        for _ in 0..<49 {
            clock.advance(milliseconds: 100)
            display.update("1", done: ProgressAmount(10_000_000, of: 100_000_000), detail: nil)
        }
        #expect(output.take() == "")
        clock.advance(milliseconds: 100)
        display.tick()
        #expect(output.take() == "running copy: 10.0 MB of 100.0 MB, 2.0 MB/s\n")
        clock.advance(milliseconds: 60_000)
        display.tick()
        #expect(output.take() == "")
        display.update("1", done: nil, detail: "nearly there")
        #expect(output.take().hasSuffix(", nearly there\n"))
    }

    @Test("an event about a step that is not running changes nothing")
    func strayUpdates() {
        let (display, output, _) = make(live: false)
        display.update("1", done: nil, detail: "x")
        display.tick()
        #expect(output.take() == "")
    }

    @Test("a stream that cannot be written to silences the display, not the program")
    func brokenStream() {
        let (display, output, _) = make(live: false, failure: .closed)
        display.begin("1", label: "patch")
        display.finish("1", .succeeded, detail: nil)
        display.close()
        #expect(output.writes == 1)
    }
}
