// swift-tools-version: 6.2
import PackageDescription

// A package of its own: libFuzzer's flags are unsafe ones and must not reach the service. `scripts/fuzz` builds and runs it.
// Sources/PaymentCore is a link to the real sources, compiled here once more with the coverage that steers the fuzzer; the oracles are those of the tests.
let sanitizers = "-sanitize=fuzzer,address"

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .unsafeFlags([sanitizers]),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let fuzzers = ["FuzzJSON", "FuzzSignature", "FuzzEvent", "FuzzFold", "FuzzRetryAfter", "FuzzConfiguration", "FuzzText"]

let package = Package(
    name: "terima-fuzz",
    platforms: [.macOS(.v26)],
    dependencies: [.package(url: "https://github.com/apple/swift-crypto", from: "4.5.2")],
    targets: [
        .systemLibrary(name: "CLibFuzzer"),
        .target(name: "Fuzzing", dependencies: ["CLibFuzzer"], swiftSettings: strict),
        .target(name: "PaymentCore", dependencies: [crypto], swiftSettings: strict),
    ]
        + fuzzers.map { name in
            .executableTarget(
                name: name, dependencies: ["Fuzzing", "PaymentCore", crypto], swiftSettings: strict, linkerSettings: [.unsafeFlags([sanitizers, "-use-ld=lld"])])
        }
)
