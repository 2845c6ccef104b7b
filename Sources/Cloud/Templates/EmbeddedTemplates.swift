import Model
import Records
import SQLite

extension EmbeddedActions {
    package func launchTemplates() throws(Failure) -> [LaunchTemplate] {
        try read("list the launch templates") { try $0.launchTemplates(of: try account) }
    }

    package func launchTemplateVersions(
        _ reference: LaunchTemplateReference?
    ) throws(Failure) -> [LaunchTemplateVersion] {
        try read("list the versions of launch templates") { session in
            let templates = try reference.map { [try template($0, session)] } ?? session.launchTemplates(of: try account)
            return try templates.flatMap { try session.versions(of: $0) }
        }
    }

    package func createLaunchTemplate(_ new: LaunchTemplateCreation) throws(Failure) -> LaunchTemplate {
        let account = try account
        guard LaunchTemplateReference.isName(new.name) else {
            throw Failure(
                PlaneError(
                    .invalidLaunchTemplateNameMalformed,
                    """
                    Launch template name must be between 3 and 128 characters, and may contain letters, numbers, and the following \
                    characters: - ( ) . / _.
                    """))
        }
        let id: LaunchTemplateID = try region.newID()
        return try write("make the launch template \(new.name)") { session in
            let made = try once("CreateLaunchTemplate", token: new.clientToken, request: new, session) {
                guard try !session.launchTemplates(of: account).contains(where: { $0.name == new.name }) else {
                    throw Failure(
                        PlaneError(.invalidLaunchTemplateNameAlreadyExists, "Launch template name already in use."))
                }
                try session.run("INSERT INTO launch_templates VALUES (?, ?, ?, ?, 1, 1)", id, account, new.name, now)
                try session.insert(
                    LaunchTemplateVersion(
                        template: id, name: new.name, number: 1, description: new.description, created: now, isDefault: true,
                        data: new.data))
                try session.setTags(new.tags, of: id.description)
                return id
            }
            return try template(.id(made), session)
        }
    }

    package func createVersion(
        of reference: LaunchTemplateReference, from source: LaunchTemplateSelector?, description: String?,
        data: [String: String]
    ) throws(Failure) -> LaunchTemplateVersion {
        try write("make a version of a launch template") { session in
            let template = try template(reference, session)
            var merged = data
            if let source {
                let own = Set(data.keys.map { $0.prefix { $0 != "." } })
                let old = try version(source.number(in: template), of: template, session)
                for (key, value) in old.data where !own.contains(key.prefix { $0 != "." }) { merged[key] = value }
            }
            let version = LaunchTemplateVersion(
                template: template.id, name: template.name, number: template.latestVersion + 1, description: description,
                created: now, isDefault: false, data: merged)
            try session.insert(version)
            try session.run(
                "UPDATE launch_templates SET latest_version = ? WHERE id = ?", version.number, template.id)
            return version
        }
    }

    package func setDefaultVersion(
        _ selector: LaunchTemplateSelector, of reference: LaunchTemplateReference
    ) throws(Failure) -> LaunchTemplate {
        try write("choose the default version of a launch template") { session in
            let template = try template(reference, session)
            let number = selector.number(in: template)
            guard try session.versions(of: template).contains(where: { $0.number == number }) else {
                throw Failure(
                    PlaneError(
                        .invalidLaunchTemplateVersionNotFound,
                        "The launch template version \(number) is not found for the specified launch template."))
            }
            try session.run("UPDATE launch_templates SET default_version = ? WHERE id = ?", number, template.id)
            return try self.template(reference, session)
        }
    }

    package func deleteLaunchTemplate(_ reference: LaunchTemplateReference) throws(Failure) -> LaunchTemplate {
        try write("delete a launch template") { session in
            let template = try template(reference, session)
            try session.setTags(TagSet(), of: template.id.description)
            try session.run("DELETE FROM launch_templates WHERE id = ?", template.id)
            return template
        }
    }

    package func deleteVersions(
        _ numbers: [Int], of reference: LaunchTemplateReference
    ) throws(Failure) -> (template: LaunchTemplate, gone: [Int], missing: [Int]) {
        try write("delete versions of a launch template") { session in
            let template = try template(reference, session)
            guard !numbers.contains(template.defaultVersion) else {
                throw Failure(
                    PlaneError(
                        .operationNotPermitted,
                        "Cannot delete the default version \(template.defaultVersion) of the launch template \(template.id)."))
            }
            let known = Set(try session.versions(of: template).map(\.number))
            for number in numbers {
                try session.run(
                    "DELETE FROM launch_template_versions WHERE template = ? AND number = ?", template.id, number)
            }
            return (template, numbers.filter(known.contains), numbers.filter { !known.contains($0) })
        }
    }

    func template(_ reference: LaunchTemplateReference, _ session: Session) throws -> LaunchTemplate {
        let all = try session.launchTemplates(of: try account)
        switch reference {
        case .id(let id):
            if let known = all.first(where: { $0.id == id }) { return known }
            throw Failure(.notFound(launchTemplate: id.description))
        case .name(let name):
            if let known = all.first(where: { $0.name == name }) { return known }
            throw Failure(
                PlaneError(
                    .invalidLaunchTemplateNameNotFound,
                    "The specified launch template, with template name \(name.prefix(128)), does not exist."))
        }
    }

    func version(_ number: Int, of template: LaunchTemplate, _ session: Session) throws -> LaunchTemplateVersion {
        guard let version = try session.versions(of: template).first(where: { $0.number == number }) else {
            throw Failure(
                PlaneError(
                    .invalidLaunchTemplateVersionNotFound,
                    "Could not find the specified version \(number) for the launch template with ID \(template.id)."))
        }
        return version
    }
}
