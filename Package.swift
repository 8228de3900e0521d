// swift-tools-version: 6.2
import PackageDescription

/// One place for the strictness of every target: Swift 6 mode, warnings are errors, and the upcoming features that keep imports and existentials explicit.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// For the targets that touch C: every unsafe expression is marked and can be searched for.
let strictWithC: [SwiftSetting] = strict + [.strictMemorySafety()]

let nio: [Target.Dependency] = ["NIOCore", "NIOPosix"].map { Target.Dependency.product(name: $0, package: "swift-nio") }
let http = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioWithTLS: [Target.Dependency] = nio + [.product(name: "NIOSSL", package: "swift-nio-ssl"), .product(name: "NIOTLS", package: "swift-nio")]
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let client = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "terima",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "terima", targets: ["Terima"]),
        .executable(name: "ppro-sandbox", targets: ["Sandbox"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CQRencode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .target(name: "PaymentCore", dependencies: [crypto], swiftSettings: strict),
        .target(
            name: "EventStore", dependencies: ["PaymentCore", "CSQLite", "CZstd", .product(name: "SystemPackage", package: "swift-system")],
            resources: [.embedInCode("schema.sql"), .embedInCode("notification.dictionary")], swiftSettings: strictWithC),
        .target(name: "Receiver", dependencies: ["EventStore", "PaymentCore", http, log] + nioWithTLS, swiftSettings: strict),
        .target(name: "Worker", dependencies: ["EventStore", "PaymentCore", client, http, log] + nioWithTLS, swiftSettings: strict),
        .target(name: "PPRO", dependencies: ["PaymentCore", client, http, log] + nio, swiftSettings: strict),
        .executableTarget(
            name: "Terima",
            dependencies: [
                "CQRencode", "EventStore", "PaymentCore", "PPRO", "Receiver", "Worker", client, arguments, log,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Yams", package: "Yams"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
            ] + nioWithTLS,
            swiftSettings: strictWithC),
        .target(
            name: "Provider",
            dependencies: [
                "CSQLite", "PaymentCore", client, http, log, .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "SystemPackage", package: "swift-system"),
            ] + nio, swiftSettings: strictWithC),
        .executableTarget(
            name: "Sandbox", dependencies: ["PaymentCore", "Provider", client, arguments, http, log] + nio, swiftSettings: strict),
        .target(
            name: "TestSupport", dependencies: [subprocess, .product(name: "SystemPackage", package: "swift-system")], path: "Tests/TestSupport",
            swiftSettings: strict),
        .testTarget(name: "PaymentCoreTests", dependencies: ["PaymentCore", "TestSupport", crypto], swiftSettings: strict),
        .testTarget(name: "EventStoreTests", dependencies: ["EventStore", "PaymentCore", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ReceiverTests", dependencies: ["Receiver", "EventStore", "PaymentCore", "TestSupport", http, log] + nioWithTLS, swiftSettings: strict),
        .testTarget(name: "WorkerTests", dependencies: ["Worker", "EventStore", "PaymentCore", "TestSupport", http, log] + nioWithTLS, swiftSettings: strict),
        .testTarget(name: "PPROTests", dependencies: ["PPRO", "PaymentCore", client, http, log] + nio, swiftSettings: strict),
        .testTarget(
            name: "TerimaTests",
            dependencies: [
                "Terima", "EventStore", "PaymentCore", "PPRO", "Receiver", "Worker", "TestSupport", client, http, log, subprocess,
                .product(name: "SystemPackage", package: "swift-system"),
            ] + nio, swiftSettings: strict),
        .testTarget(
            name: "SandboxTests", dependencies: ["Sandbox", "PaymentCore", "Provider", "TestSupport", client, arguments, http] + nio, swiftSettings: strict),
        .testTarget(name: "ProviderTests", dependencies: ["Provider", "PaymentCore", "TestSupport", client, http, log] + nio, swiftSettings: strict),
        .testTarget(name: "RepositoryTests", swiftSettings: strict),
    ]
)
