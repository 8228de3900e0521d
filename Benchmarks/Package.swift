// swift-tools-version: 6.2
import PackageDescription

// A package of its own: what only the measurements need stays out of the service. `scripts/instructions` builds and runs it.
// Sources/PaymentCore, Sources/EventStore, Sources/CSQLite and Sources/CZstd are links to the real sources, compiled here with the service's own settings.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// For the target that touches C, as in the service.
let strictWithC: [SwiftSetting] = strict + [.strictMemorySafety()]

let package = Package(
    name: "terima-benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "PaymentCore", dependencies: [.product(name: "Crypto", package: "swift-crypto")], swiftSettings: strict),
        .target(
            name: "EventStore", dependencies: ["PaymentCore", "CSQLite", "CZstd", .product(name: "SystemPackage", package: "swift-system")],
            resources: [.embedInCode("schema.sql"), .embedInCode("notification.dictionary")], swiftSettings: strictWithC),
        .executableTarget(
            name: "Microbenchmarks", dependencies: ["EventStore", "PaymentCore", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: strict),
        .executableTarget(name: "ConstantTimeCheck", dependencies: ["PaymentCore"], swiftSettings: strict),
    ]
)
