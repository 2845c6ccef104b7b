/// Whether an image can be deregistered. A protection with a cooldown goes on for 24 hours after it was taken away.
package enum DeregistrationProtection: Hashable, Sendable {
    case disabled
    case enabled(withCooldown: Bool)
    /// It was taken away, and ends then.
    case cooling(until: Instant)

    package static let cooldown = TimeSpan.hours(24)

    package func protects(at now: Instant) -> Bool {
        switch self {
        case .disabled: false
        case .enabled: true
        case .cooling(let end): now < end
        }
    }

    /// Enabling anew chooses anew whether there is a cooldown.
    package func enabling(withCooldown: Bool) -> Self { .enabled(withCooldown: withCooldown) }

    package func disabling(at now: Instant) -> Self {
        switch self {
        case .enabled(withCooldown: true): .cooling(until: now + Self.cooldown)
        case .enabled, .disabled: .disabled
        case .cooling(let end): now < end ? self : .disabled
        }
    }

    /// As DescribeImages prints it; what it says while the cooldown lasts is not documented.
    package func text(at now: Instant) -> String {
        switch self {
        case .disabled: "disabled"
        case .enabled(let withCooldown): withCooldown ? "enabled-with-cooldown" : "enabled-without-cooldown"
        case .cooling(let end): now < end ? "disabled-after-\(end)" : "disabled"
        }
    }
}
