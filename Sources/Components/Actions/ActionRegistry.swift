/// All action modules that a document may name.
package enum ActionRegistry {
    package static let all: [any Action.Type] = [
        AppendFile.self,
        Assert.self,
        CopyFile.self,
        CopyFolder.self,
        CreateFile.self,
        CreateFolder.self,
        CreateSymlink.self,
        DeleteFile.self,
        DeleteFolder.self,
        ExecuteBash.self,
        ExecuteBinary.self,
        ExecuteDocument.self,
        ExecutePowerShell.self,
        InstallMSI.self,
        ListFiles.self,
        MoveFile.self,
        MoveFolder.self,
        ReadFile.self,
        Reboot.self,
        S3Download.self,
        S3Upload.self,
        SetFileEncoding.self,
        SetFileOwner.self,
        SetFilePermissions.self,
        SetFolderOwner.self,
        SetFolderPermissions.self,
        SetRegistry.self,
        UninstallMSI.self,
        UpdateOS.self,
        WebDownload.self,
    ]

    private static let byName: [String: any Action.Type] = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    package static func action(named name: String) -> (any Action.Type)? { byName[name] }
}
