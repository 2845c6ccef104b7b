import Guest
import ImageStore
import Model
import Recipes
import YAML

// What each kind of requirement has for fields.

extension RequirementReading {
    static func banner(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let mayBeEmpty = fields.boolean("mayBeEmpty", default: false)
        return pair(path(fields), fields.string("text")).map { Banner(file: $0, text: $1, mayBeEmpty: mayBeEmpty) }
    }

    static func filePermission(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let owners = fields.optional("owner")?.strings() ?? ["root"]
        let groups = fields.optional("group")?.strings() ?? ["root"]
        let mustExist = fields.boolean("mustExist", default: false)
        return pair(fields.string("path"), mode(fields)).map {
            FilePermission(path: $0, mode: $1, owners: owners, groups: groups, mustExist: mustExist)
        }
    }

    static func fileSetting(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let style = fields.oneOf("style", FileSetting.Style.self)
        let key = fields.string("key")
        let creates = fields.boolean("creates", default: false)
        let accepted = accepted(fields)
        guard let path = path(fields), let style, let key, let accepted else { return nil }
        return FileSetting(file: path, style: style, key: key, accepted: accepted, creates: creates)
    }

    static func fileText(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let text = fields.string("text")
        guard let path = path(fields), let text, let mode = mode(fields) else { return nil }
        return FileText(file: path, text: text, mode: mode)
    }

    static func kernelParameter(_ fields: FieldReader) -> (any HardeningRequirement)? {
        pair(fields.string("name"), fields.string("value")).map { KernelParameter(name: $0, value: $1) }
    }

    static func mountOption(_ fields: FieldReader) -> (any HardeningRequirement)? {
        pair(fields.string("mountPoint"), fields.string("option")).map { MountOption(mountPoint: $0, option: $1) }
    }

    static func packages(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let given = PackageState.State.allCases.compactMap { state in
            fields.optional(state.rawValue)?.strings().map { (state, $0) }
        }
        guard given.count == 1, let (state, names) = given.first, !names.isEmpty else {
            let words = PackageState.State.allCases.map(\.rawValue).joined(separator: ", ")
            fields.report("a requirement of packages has one list, which is one of: \(words)", at: "absent")
            return nil
        }
        return PackageState(names: names, state: state)
    }

    static func pamArgument(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let module = fields.string("module")
        let kind = fields.optional("type")?.oneOf(PAMEntry.Kind.self)
        let (present, absent) = (fields.optionalString("present"), fields.optionalString("absent"))
        guard (present == nil) != (absent == nil), let argument = present ?? absent else {
            fields.report("say which argument is 'present' or which is 'absent'", at: "absent")
            return nil
        }
        return module.map { AuthenticationArgument(module: $0, kind: kind, argument: argument, isPresent: present != nil) }
    }

    static func pamModule(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let (service, control, module) = (fields.string("service"), fields.string("control"), fields.string("module"))
        let kind = fields.oneOf("type", PAMEntry.Kind.self)
        let arguments = fields.strings("arguments")
        let place: AuthenticationModule.Place =
            if let other = fields.optionalString("before") {
                .before(other)
            } else if let other = fields.optionalString("after") {
                .after(other)
            } else {
                fields.boolean("first", default: false) ? .first : .last
            }
        guard let service, let kind, let control, let module else { return nil }
        return AuthenticationModule(
            service: service, kind: kind, control: control, module: module, arguments: arguments, place: place)
    }

    static func resourceLimit(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let (domain, type) = (fields.string("domain"), fields.string("type"))
        let (item, value) = (fields.string("item"), fields.string("value"))
        guard let domain, let type, let item, let value else { return nil }
        return ResourceLimit(domain: domain, type: type, item: item, value: value)
    }

    static func sudo(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let isFlag = fields.boolean("flag", default: false)
        guard let name = fields.string("name") else { return nil }
        return SudoDefault(name: name, accepted: isFlag ? nil : accepted(fields))
    }

    static func systemd(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let (configuration, section, key) = (fields.string("configuration"), fields.string("section"), fields.string("key"))
        guard let accepted = accepted(fields), let configuration, let section, let key else { return nil }
        return SystemdSetting(configuration: configuration, section: section, key: key, accepted: accepted)
    }

    static func unit(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let state = fields.oneOf("state", UnitState.State.self)
        return pair(fields.string("name"), state).map { UnitState(unit: $0, state: $1) }
    }

    static func anyOf(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let lists = fields.required("alternatives")?.list() ?? []
        let alternatives = lists.map { list in (list.list() ?? []).compactMap { requirement($0) } }
        if alternatives.contains(where: \.isEmpty) {
            fields.report("an alternative has one requirement at least", at: "alternatives")
        }
        return alternatives.isEmpty ? nil : AnyRequirement(alternatives)
    }

    static func fileLine(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let path = fields.string("path")
        let add = fields.optionalString("add")
        let mustExist = fields.boolean("mustExist", default: false)
        let (present, absent) = (fields.optionalString("present"), fields.optionalString("absent"))
        guard (present == nil) != (absent == nil), let pattern = present ?? absent else {
            fields.report("say which line is 'present' or which is 'absent'", at: "present")
            return nil
        }
        let wanted: FileLine.Wanted = present == nil ? .absent : .present(add: add)
        return path.map { FileLine(path: $0, pattern: pattern, wanted: wanted, mustExist: mustExist) }
    }

    static func filesBelow(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let allowances = fields.required("files")?.list()?.compactMap { value -> FilesBelow.Allowance? in
            guard let fields = value.fields() else { return nil }
            defer { fields.finish() }
            let names = fields.optional("names")?.strings() ?? ["*", ".*"]
            let (owners, groups) = (fields.strings("owner"), fields.strings("group"))
            return mode(fields).map { FilesBelow.Allowance(names: names, mode: $0, owners: owners, groups: groups) }
        }
        return pair(path(fields), allowances).map { FilesBelow(folder: $0, allowances: $1) }
    }

    static func kernelOption(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let (value, minimum) = (fields.optionalString("value"), fields.optionalString("minimum"))
        return fields.string("name").map { KernelOption(name: $0, value: value ?? minimum, isMinimum: minimum != nil) }
    }

    static func separateMount(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let entry = fields.optionalString("entry")
        return fields.string("mountPoint").map { SeparateMount(mountPoint: $0, entry: entry) }
    }

    static func sshdAccess(_ fields: FieldReader) -> (any HardeningRequirement)? {
        pair(fields.string("option"), fields.string("value")).map { SecureShellAccess(option: $0, value: $1) }
    }
}
