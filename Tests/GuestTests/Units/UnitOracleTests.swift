import Guest
import ImageStore
import Model
import Platform
import TestSupport
import Testing

@Suite struct UnitOracleTests {
    private static let hasSystemctl = Shell.has("systemctl")
    private static let missing: Comment = "needs systemctl: apt-get install systemd"
    private static let folders = [
        "/etc/systemd", "/usr/lib/systemd", "/usr/local/lib/systemd", "/run/systemd/system", "/lib", "/opt",
    ]

    @Test("all unit files of this machine have the state and preset that systemctl tells", .enabled(if: hasSystemctl, missing))
    func hostUnits() throws {
        try withTemporaryFolder { folder in
            try Shell.run(
                """
                mkdir -p usr/lib usr/local/lib etc run/systemd
                for f in usr/lib/systemd/system usr/lib/systemd/system-preset etc/systemd/system; do
                  [ -d /$f ] && mkdir -p $(dirname $f) && cp -a /$f $f
                done
                [ -d usr/lib/systemd/system ] || mkdir -p usr/lib/systemd/system
                for f in /lib/systemd/system/*; do [ -e usr/lib/systemd/system/$(basename $f) ] || cp -a $f usr/lib/systemd/system/; done
                ln -s usr/lib lib
                """, in: folder)
            #expect(try compare(folder) > 50)
        }
    }

    @Test(
        "made-up units, links, aliases, templates, masks and presets are told as systemctl tells them",
        .enabled(if: hasSystemctl, missing), arguments: 0..<120)
    func generatedUnits(_ seed: UInt64) throws {
        var random = SeededRandom(seed)
        try withTemporaryFolder { folder in
            try Shell.run(Self.script(&random), in: folder)
            #expect(try compare(folder) > 0)
        }
    }

    /// Compares all states and presets; returns of how many units.
    private func compare(_ folder: String) throws -> Int {
        let output = try Shell.run("systemctl --root=. list-unit-files --no-legend --no-pager --full", in: folder)
        let units = try UnitCatalogue(try hostTree(folder, Self.folders, in: MemoryObjects()))
        var count = 0
        for line in output.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count >= 2, let name = UnitName(words[0]) else { continue }
            let own = try units.state(of: name).rawValue
            #expect(own == words[1], "\(name)")
            if words.count > 2, words[2] != "-" {
                #expect((units.presets.enables(name.text) ? "enabled" : "disabled") == words[2], "\(name)")
            }
            count += 1
        }
        #expect(units.names.count == count)
        return count
    }

    private static let places = [
        "etc/systemd/system", "usr/lib/systemd/system", "usr/local/lib/systemd/system", "run/systemd/system",
    ]

    private static func script(_ random: inout SeededRandom) -> String {
        var lines = ["mkdir -p usr/lib opt etc/systemd/system-preset usr/lib/systemd/system-preset", "ln -s usr/lib lib"]
        for place in places { lines.append("mkdir -p \(place)/multi-user.target.wants \(place)/a.service.requires") }
        let names = [
            "a.service", "b.service", "c.service", "t@.service", "u@.service", "s.socket", "d.timer", "e.target", "m.mount",
        ]
        for name in names {
            let place = places[random.below(4) == 0 ? random.below(4) : 1]
            var unit = ["[Unit]"]
            if random.below(3) > 0 { unit.append("[Install]") }
            if random.below(3) == 0 { unit.append("WantedBy=multi-user.target") }
            if random.below(4) == 0 { unit.append("Alias=x\(name)") }
            if random.below(4) == 0 { unit.append("Also=s.socket") }
            if random.below(3) == 0, name.contains("@") { unit.append("DefaultInstance=one") }
            if random.below(5) == 0 { unit.append("RequiredBy=a.service") }
            lines.append("printf '\(unit.joined(separator: "\\n"))\\n' > \(place)/\(name)")
        }
        for _ in 0..<14 {
            let name = names[random.below(names.count)]
            let instance = name.replacing("@.", with: "@one.")
            let place = places[random.below(4)]
            let target = "/\(places[random.below(4)])/\(name)"
            switch random.below(9) {
            case 0: lines.append("ln -sf \(target) \(place)/multi-user.target.wants/\(instance)")
            case 1: lines.append("ln -sf ../\(name) \(place)/a.service.requires/\(name)")
            case 2: lines.append("ln -sf \(target) \(place)/x\(name)")
            case 3: lines.append("ln -sf \(name) \(place)/y\(name)")
            case 4: lines.append("[ -e \(place)/\(name) ] || [ -L \(place)/\(name) ] || ln -s /dev/null \(place)/\(name)")
            case 5: lines.append("[ -e \(place)/\(name) ] || : > \(place)/\(name)")
            case 6:
                lines.append(
                    "printf '[Install]\\nWantedBy=e.target\\n' > opt/l\(name); ln -sf /opt/l\(name) etc/systemd/system/l\(name)")
            case 7: lines.append("ln -sf /usr/lib/systemd/system/\(name) \(place)/\(instance)")
            default:
                let verb = random.below(2) == 0 ? "enable" : "disable"
                let pattern = [name, "*.service", "?.timer", "[a-c].service", "t@one.service"][random.below(5)]
                lines.append("echo '\(verb) \(pattern)' >> etc/systemd/system-preset/\(random.below(3)).preset")
            }
        }
        if random.below(2) == 0 { lines.append("echo 'disable *' >> usr/lib/systemd/system-preset/99.preset") }
        return lines.joined(separator: "\n")
    }
}
