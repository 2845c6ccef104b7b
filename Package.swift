// swift-tools-version: 6.2
//
// Reading the targets from top to bottom is reading the architecture: a target imports only targets that stand above it.

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func door(_ name: String, _ pkgConfig: String, apt: String, brew: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt]), .brew([brew])])
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "Ingot",
    products: [.executable(name: "ingot", targets: ["ingot"])],
    targets: [
        // Doors: system libraries as module maps, and the calls that Glibc's module hides.
        door("CArchive", "libarchive", apt: "libarchive-dev", brew: "libarchive"),
        door("CCrypto", "libcrypto", apt: "libssl-dev", brew: "openssl@3"),
        door("CTLS", "libssl", apt: "libssl-dev", brew: "openssl@3"),
        door("CSQLite", "sqlite3", apt: "libsqlite3-dev", brew: "sqlite"),
        door("CYAML", "yaml-0.1", apt: "libyaml-dev", brew: "libyaml"),
        door("CZlib", "zlib", apt: "zlib1g-dev", brew: "zlib"),
        door("CZstd", "libzstd", apt: "libzstd-dev", brew: "zstd"),
        door("CExt2FS", "ext2fs", apt: "libext2fs-dev", brew: "e2fsprogs"),
        door("CSeccomp", "libseccomp", apt: "libseccomp-dev", brew: "libseccomp"),
        door("CExpat", "expat", apt: "libexpat1-dev", brew: "expat"),
        door("CPCRE2", "libpcre2-8", apt: "libpcre2-dev", brew: "pcre2"),
        door("CHyperscan", "libhs", apt: "libhyperscan-dev", brew: "vectorscan"),
        .target(name: "CLinux"),

        // Wrappers: one library or protocol each; they know no images.
        library("Platform", ["CLinux"]),
        library("Crypto", ["CCrypto"]),
        library("Zstandard", ["CZstd"]),
        library("Zlib", ["CZlib"]),
        library("SQLite", ["CSQLite"]),
        library("Archive", ["CArchive", "CZlib"]),
        library("YAML", ["CYAML"]),
        library("Text"),
        library("Ext4", ["CExt2FS", "Platform"]),
        library("Seccomp", ["CSeccomp", "Platform"]),
        library("XML", ["CExpat"]),
        library("TLS", ["CTLS", "Platform"]),
        library("HTTPServer", ["CLinux", "TLS", "Platform"]),
        library("SigV4", ["Text", "Platform", "Crypto"]),
        library("PCRE2", ["CPCRE2"]),
        library("Hyperscan", ["CHyperscan"]),
        library("Disks", ["Zlib", "Platform"]),
        library("HTTP", ["Platform"]),
        library("CommandLineKit", ["Text"]),

        // Domain: the vocabulary, and documents checked against it.
        library("Model", ["Text", "Platform"]),
        library("Recipes", ["Model", "YAML", "Text", "Platform", "Crypto"]),

        // Mechanism.
        library("ImageStore", ["Model", "Text", "Platform", "Crypto", "Zstandard", "Archive"]),
        library("Guest", ["Model", "ImageStore", "Archive", "SQLite", "Text", "Crypto", "Platform"]),
        library(
            "Secrets",
            ["Guest", "ImageStore", "Model", "Hyperscan", "Archive", "Text", "Platform", "Crypto"]
        ),
        library("Vulnerabilities", ["Guest", "ImageStore", "Model", "Archive", "XML", "Zlib", "Text", "Platform", "Crypto"]),
        library("Sandbox", ["Model", "ImageStore", "Disks", "Ext4", "Seccomp", "Archive", "Text", "Platform", "Crypto"]),
        library("Pipeline", ["Secrets", "Model", "Recipes", "ImageStore", "Sandbox", "Platform", "Crypto"]),
        library(
            "Components",
            ["Sandbox", "Guest", "Recipes", "ImageStore", "HTTP", "XML", "PCRE2", "YAML", "Model", "Text", "Platform", "Crypto"]
        ),
        library(
            "Stages",
            [
                "Vulnerabilities", "Components", "Pipeline", "Sandbox", "Guest", "Recipes", "ImageStore", "Model", "YAML", "Text",
                "Platform", "Crypto",
            ]
        ),
        library("Records", ["Model", "SQLite", "Crypto"]),
        library(
            "Cloud",
            [
                "Model", "ImageStore", "Sandbox", "Archive", "Disks", "XML", "Zlib", "Records", "SQLite", "PCRE2", "Text",
                "Platform", "Crypto",
            ]),
        library("Ledger", ["Model", "Records", "SQLite", "Crypto"]),
        library("Evidence", ["Secrets", "Vulnerabilities", "Guest", "ImageStore", "Model", "Text", "Platform", "Crypto"]),

        // Engine.
        library(
            "Orchestration",
            [
                "Evidence", "Secrets", "Vulnerabilities", "Guest", "Model", "Recipes", "ImageStore", "Sandbox", "Disks",
                "Pipeline",
                "Cloud", "Ledger", "Text", "Platform", "Crypto",
            ]
        ),
        library(
            "Machines",
            [
                "Orchestration", "Cloud", "Sandbox", "Guest", "ImageStore", "Archive", "YAML", "HTTPServer", "Model", "Text",
                "Platform", "Crypto",
            ]
        ),

        // Faces.
        library(
            "API",
            [
                "Orchestration", "Pipeline", "Recipes", "Components", "Ledger", "Cloud", "HTTPServer", "SigV4", "Zstandard",
                "YAML", "Model", "Text", "Platform", "Crypto",
            ]
        ),
        library(
            "Commands",
            [
                "API", "HTTPServer", "TLS", "Machines", "Orchestration", "Evidence", "Secrets", "Vulnerabilities", "Stages",
                "Components",
                "Pipeline", "Sandbox", "Disks",
                "Recipes", "Guest", "ImageStore", "Cloud", "Ledger", "Archive", "Model", "YAML", "CommandLineKit", "Text",
                "Platform", "Crypto",
            ]
        ),
        .executableTarget(name: "ingot", dependencies: ["Commands"], swiftSettings: settings),

        // Tests mirror the sources.
        .target(
            name: "TestSupport",
            dependencies: ["Model", "Platform", "Crypto", "ImageStore", "Archive"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .target(
            name: "EndpointPlane",
            dependencies: ["API", "Cloud", "HTTPServer", "SigV4", "XML", "Model", "Text", "Platform", "TestSupport"],
            path: "Tests/EndpointPlane",
            swiftSettings: settings
        ),
        tests("PlatformTests", ["Platform"]),
        tests(
            "WrapperTests",
            ["Platform", "Crypto", "Zlib", "SQLite", "Archive", "YAML", "Text", "CommandLineKit", "HTTP", "XML"]),
        tests("DisksTests", ["Disks", "Zlib", "Platform"]),
        tests("HTTPServerTests", ["HTTPServer", "TLS", "Platform"]),
        tests("SigV4Tests", ["SigV4", "Text", "Crypto"]),
        tests(
            "APITests",
            [
                "API", "Stages", "Orchestration", "Recipes", "Cloud", "Sandbox", "ImageStore", "HTTPServer", "TLS", "SigV4",
                "Model",
                "Platform",
                "Crypto",
            ]),
        tests("ModelTests", ["Model", "Platform", "Crypto"]),
        tests("RecipesTests", ["Recipes", "YAML", "Model", "Platform", "Crypto"]),
        tests("ImageStoreTests", ["ImageStore", "Archive", "Crypto", "Platform", "Model"]),
        tests("GuestTests", ["Guest", "ImageStore", "Model", "Platform", "Crypto"]),
        tests("SecretsTests", ["Secrets", "Hyperscan", "ImageStore", "Model", "Platform", "Crypto"]),
        tests(
            "VulnerabilitiesTests",
            ["Vulnerabilities", "Guest", "ImageStore", "Model", "Platform"]),
        tests(
            "EvidenceTests",
            ["Evidence", "Guest", "ImageStore", "Model", "Platform", "Crypto"]),
        tests("SandboxTests", ["Sandbox", "Disks", "Ext4", "ImageStore", "Model", "Platform", "Crypto"]),
        tests(
            "ComponentsTests",
            [
                "Components", "Sandbox", "Recipes", "ImageStore", "HTTP", "PCRE2", "YAML", "Model", "Text",
                "Platform", "Crypto",
            ],
            exclude: ["Documents"]
        ),
        tests(
            "StagesTests",
            [
                "Stages", "Components", "Pipeline", "Guest", "Recipes", "ImageStore", "Model", "Platform", "Crypto",
            ]),
        tests(
            "CloudTests", ["EndpointPlane", "Cloud", "Ledger", "Sandbox", "ImageStore", "SQLite", "Model", "Platform", "Crypto"]),
        tests(
            "OrchestrationTests",
            [
                "Orchestration", "Evidence", "Secrets", "Vulnerabilities", "Stages", "Pipeline", "Recipes", "ImageStore", "Cloud",
                "Ledger", "Model", "Platform", "Crypto",
            ]
        ),
        tests(
            "MachinesTests",
            [
                "Machines", "API", "HTTPServer", "SigV4", "Orchestration", "Cloud", "Sandbox", "ImageStore", "Archive", "Crypto",
                "Model", "Platform", "SQLite",
            ]),
        tests(
            "CommandTests",
            [
                "Commands", "Orchestration", "Stages", "Cloud", "Sandbox", "Recipes", "CommandLineKit", "Model",
                "Platform",
                "ingot",
            ],
            exclude: ["Scripts"]),
    ]
)
