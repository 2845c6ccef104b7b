import ImageStore
import Model
import Pipeline
import Recipes

/// Writes, copies, removes and changes files of the image by a list of actions, in their order. Nothing runs, nothing is mounted.
///
///     - files:
///         - write: {path: /etc/motd, text: "hello\n", mode: 0644, owner: root, group: root}
///         - copy: {from: site, to: /var/www/site, mode: 0644, directoryMode: 0755, owner: www-data, group: www-data}
///         - append: {path: /etc/hosts, text: "192.0.2.1 db\n"}
///         - mkdir: {path: /srv/data, mode: 0750, owner: postgres, group: postgres}
///         - symlink: {path: /etc/localtime, target: /usr/share/zoneinfo/Etc/UTC}
///         - remove: {path: /etc/legal, missing: ok}
///         - permissions: {path: /var/www/site, mode: 0640, recursive: true}
///         - owner: {path: /var/www/site, owner: www-data, group: www-data, recursive: true}
package struct FilesStage: Stage {
    package static let name = "files"
    package static let summary = "Writes, copies, removes and changes files and folders"
    package static let revision = 1

    package static let options = [
        OptionHelp(
            "write", "{path, text or base64, mode, owner, group}: a new file is 0644 of root, an old one keeps what is not given"),
        OptionHelp(
            "copy", "{from, to, mode, directoryMode, owner, group}: a file or folder beside the recipe; 0644, 0755 if executable"),
        OptionHelp("append", "{path, text}: adds to the end of an existing file"),
        OptionHelp("mkdir", "{path, mode, owner, group}: makes a folder, and those above it that are missing"),
        OptionHelp("symlink", "{path, target}: makes a symbolic link, or changes where it leads"),
        OptionHelp("remove", "{path, missing}: removes a name and all below it; 'missing: ok' where there may be none"),
        OptionHelp("permissions", "{path, mode, recursive, directoryMode}: folders get the mode with x wherever it has r"),
        OptionHelp("owner", "{path, owner, group, recursive}: names are looked up in the image's accounts"),
    ]

    let actions: [FileAction]

    package init?(from reader: StageReader) {
        guard let actions = FileActionReader(reader: reader).read() else { return nil }
        self.actions = actions
    }

    private var sources: [HostSource] {
        actions.compactMap { if case .copy(let source, _, _) = $0.kind { source } else { nil } }
    }

    package func inputs(_ context: InputContext) throws(Failure) -> [StageInput] {
        var inputs: [StageInput] = []
        for source in sources {
            let input = try source.input()
            if !inputs.contains(input) { inputs.append(input) }
        }
        return inputs
    }

    package func run(_ context: StageContext) throws(Failure) -> StageOutcome {
        var report = FilesReport()
        for action in actions {
            try context.checkCancellation()
            context.progress(.detail("\(action.name) \(action.path)"))
            var entry = FilesReport.Entry(action: action.name, path: action.path.description)
            do throws(Failure) { try action.apply(context, &entry) } catch {
                throw Failure(
                    error.code, "action \(action.position) of 'files' (\(action.name) \(action.path)) failed", hint: error.hint,
                    cause: error)
            }
            report.actions.append(entry)
        }
        return StageOutcome(report: try StageReport(summary: report.summary, of: report))
    }
}
