import FoundationEssentials
import Model
import Records
import SQLite

/// The schema of launch templates.
enum TemplateCatalogue {
    static let migration = Migration(
        """
        CREATE TABLE launch_templates (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            name TEXT NOT NULL,
            created INTEGER NOT NULL,
            default_version INTEGER NOT NULL,
            latest_version INTEGER NOT NULL,
            UNIQUE (owner, name)
        ) STRICT;

        CREATE TABLE launch_template_versions (
            template TEXT NOT NULL REFERENCES launch_templates (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            description TEXT,
            created INTEGER NOT NULL,
            data TEXT NOT NULL,
            PRIMARY KEY (template, number)
        ) STRICT, WITHOUT ROWID;
        """)
}

extension Session {
    func launchTemplates(of owner: AccountID) throws -> [LaunchTemplate] {
        try rows("SELECT * FROM launch_templates WHERE owner = ? ORDER BY rowid", owner) { row in
            LaunchTemplate(
                id: try row.parsed("id"), owner: owner, name: try row.text("name"), created: try row.instant("created"),
                defaultVersion: try row.int("default_version"), latestVersion: try row.int("latest_version"),
                tags: try tags(of: try row.text("id")))
        }
    }

    func versions(of template: LaunchTemplate) throws -> [LaunchTemplateVersion] {
        try rows("SELECT * FROM launch_template_versions WHERE template = ? ORDER BY number", template.id) { row in
            let number = try row.int("number")
            return LaunchTemplateVersion(
                template: template.id, name: template.name, number: number,
                description: try row.textIfPresent("description"), created: try row.instant("created"),
                isDefault: number == template.defaultVersion,
                data: try JSONDecoder().decode([String: String].self, from: Data(try row.text("data").utf8)))
        }
    }

    func insert(_ version: LaunchTemplateVersion) throws {
        try run(
            "INSERT INTO launch_template_versions VALUES (?, ?, ?, ?, ?)", version.template, version.number, version.description,
            version.created, try CanonicalJSON.text(of: version.data))
    }
}
