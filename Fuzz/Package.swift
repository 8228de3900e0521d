// swift-tools-version: 6.2
import PackageDescription

// A package of its own: libFuzzer's flags are unsafe ones and must not reach the service. `scripts/fuzz` builds and runs it.
// Sources/PaymentCore is a link to the real sources, compiled here once more with the coverage that steers the fuzzer.
let sanitizers = "-sanitize=fuzzer,address"

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .unsafeFlags([sanitizers]),
]

let fuzzers = ["FuzzJSON", "FuzzSignature", "FuzzEvent", "FuzzText"]

let package = Package(
    name: "terima-fuzz",
    platforms: [.macOS(.v26)],
    dependencies: [.package(url: "https://github.com/apple/swift-crypto", from: "4.5.2")],
    targets: [
        .systemLibrary(name: "CLibFuzzer"),
        .target(name: "PaymentCore", dependencies: [.product(name: "Crypto", package: "swift-crypto")], swiftSettings: strict),
    ]
        + fuzzers.map { name in
            .executableTarget(
                name: name, dependencies: ["CLibFuzzer", "PaymentCore"], swiftSettings: strict, linkerSettings: [.unsafeFlags([sanitizers, "-use-ld=lld"])])
        }
)
