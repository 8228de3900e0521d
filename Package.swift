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

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let package = Package(
    name: "terima",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2")
    ],
    targets: [
        .target(name: "PaymentCore", dependencies: [crypto], swiftSettings: strict),
        .testTarget(name: "PaymentCoreTests", dependencies: ["PaymentCore", crypto], swiftSettings: strict),
    ]
)
