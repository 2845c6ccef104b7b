/// All action modules that a document may name.
package enum ActionRegistry {
    package static let all: [any Action.Type] = [
        AppendFile.self,
        CopyFile.self,
        CopyFolder.self,
        CreateFile.self,
        CreateFolder.self,
        CreateSymlink.self,
        DeleteFile.self,
        DeleteFolder.self,
        ExecutePowerShell.self,
        InstallMSI.self,
        ListFiles.self,
        MoveFile.self,
        MoveFolder.self,
        ReadFile.self,
        S3Download.self,
        S3Upload.self,
        SetFileEncoding.self,
        SetFileOwner.self,
        SetFilePermissions.self,
        SetFolderOwner.self,
        SetFolderPermissions.self,
        SetRegistry.self,
        UninstallMSI.self,
        WebDownload.self,
    ]
}
