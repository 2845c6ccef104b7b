import CSeccomp
import Glibc
import Platform

/// Which system calls processes are refused, and how. All others are allowed. Calls of other architectures than the machine's own, x32
/// and i386 among them, do not exist behind the filter (ENOSYS).
package struct SystemCallFilter: Sendable {
    package struct Rule: Sendable {
        /// The call's name, as in `mount`; one that the library does not know is left out where `number` is nil.
        package let call: String
        /// For calls that are younger than the library: the number, the same on all architectures since 5.1.
        package let number: Int32?
        /// All of them must hold.
        package let conditions: [Condition]
        /// What the process gets as errno.
        package let errno: Int32
        /// Whether another process is asked instead, which `Steps.watchCalls` makes possible.
        package let isAsked: Bool

        package init(
            _ call: String, number: Int32? = nil, when conditions: [Condition] = [], errno: Int32 = EPERM, isAsked: Bool = false
        ) {
            self.call = call
            self.number = number
            self.conditions = conditions
            self.errno = errno
            self.isAsked = isAsked
        }
    }

    /// What an argument of the call, counted from 0, must be for the rule to hold.
    package enum Condition: Sendable {
        /// The bits of the mask, which the kernel looks at alone, have this value.
        case masked(argument: UInt32, mask: UInt64, value: UInt64)
        case above(argument: UInt32, value: UInt64)
    }

    package var rules: [Rule]

    package init(_ rules: [Rule]) { self.rules = rules }

    /// The filter as the kernel takes it: an array of `struct sock_filter`.
    package func program() throws(SystemError) -> [UInt8] {
        let context = try FilterContext()
        for rule in rules { try context.add(rule) }
        return try context.exported()
    }
}

/// An owned `scmp_filter_ctx`.
@safe
private final class FilterContext {
    private let context: scmp_filter_ctx

    private static let allow: UInt32 = 0x7FFF_0000
    private static let ask: UInt32 = 0x7FC0_0000
    private static func refuse(_ errno: Int32) -> UInt32 { 0x0005_0000 | UInt32(errno) & 0xFFFF }

    init() throws(SystemError) {
        guard let context = unsafe seccomp_init(Self.allow) else { throw SystemError("seccomp_init", errno: EINVAL) }
        unsafe self.context = context
        try Self.check("seccomp_attr_set", unsafe seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, Self.refuse(ENOSYS)))
        // A binary tree instead of a list: most calls are in no rule, and would pay for all of them.
        _ = unsafe seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2)
    }

    deinit { unsafe seccomp_release(context) }

    func add(_ rule: SystemCallFilter.Rule) throws(SystemError) {
        var number = unsafe seccomp_syscall_resolve_name(rule.call)
        if number == __NR_SCMP_ERROR {
            guard let known = rule.number else { return }
            number = known
        }
        let conditions = rule.conditions.map(Self.comparison)
        let status = unsafe seccomp_rule_add_array(
            context, rule.isAsked ? Self.ask : Self.refuse(rule.errno), number, UInt32(conditions.count), conditions)
        try Self.check("seccomp_rule_add \(rule.call)", status)
    }

    func exported() throws(SystemError) -> [UInt8] {
        let file = try FileDescriptor.inMemory([], name: "a filter")
        try Self.check("seccomp_export_bpf", unsafe seccomp_export_bpf(context, file.raw))
        let size = try file.size()
        var bytes = [UInt8](repeating: 0, count: size)
        _ = try file.read(into: &bytes, count: size, at: 0)
        return bytes
    }

    private static func comparison(_ condition: SystemCallFilter.Condition) -> scmp_arg_cmp {
        switch condition {
        case .masked(let argument, let mask, let value):
            scmp_arg_cmp(arg: argument, op: SCMP_CMP_MASKED_EQ, datum_a: mask, datum_b: value)
        case .above(let argument, let value): scmp_arg_cmp(arg: argument, op: SCMP_CMP_GT, datum_a: value, datum_b: 0)
        }
    }

    private static func check(_ call: String, _ status: Int32) throws(SystemError) {
        if status < 0 { throw SystemError(call, errno: -status) }
    }
}
