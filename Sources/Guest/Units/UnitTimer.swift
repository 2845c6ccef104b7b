import Model

/// When a timer unit elapses, and what it starts (systemd.timer(5)).
package struct UnitTimer: Hashable, Sendable {
    package let unit: UnitName
    /// `OnCalendar=daily`, `OnBootSec=15min`
    package let triggers: [String]
    /// The unit that is started.
    package let starts: String

    private static let keys = ["OnActiveSec", "OnBootSec", "OnStartupSec", "OnUnitActiveSec", "OnUnitInactiveSec", "OnCalendar"]

    /// The timers of all units that are not masked, enabled or not.
    package static func all(in units: UnitCatalogue) throws(Failure) -> [UnitTimer] {
        var timers: [UnitTimer] = []
        for name in units.names where name.type == "timer" && !units.isMasked(name) && units.target(of: name) == name {
            timers.append(try UnitTimer(name, in: units))
        }
        return timers
    }

    package init(_ name: UnitName, in units: UnitCatalogue) throws(Failure) {
        let settings = try units.settings(of: name)
        unit = name
        triggers = Self.keys.flatMap { key in settings.values("Timer", key).map { "\(key)=\($0)" } }
        starts = settings.values("Timer", "Unit").last ?? name.text.dropLast("timer".count) + "service"
    }
}
