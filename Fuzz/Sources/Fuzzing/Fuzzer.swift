import CLibFuzzer
import Glibc
import Synchronization

/// libFuzzer's loop around one check.
package enum Fuzzer {
    /// In a structure, because a bare closure is wrapped once more each time it is read through the lock: the millionth input would go through a million layers.
    private struct Check: Sendable { var run: @Sendable ([UInt8]) -> Void }

    private static let check = Mutex<Check?>(nil)

    /// Gives every input that libFuzzer makes up to `check`, as the flags on the command line say (https://llvm.org/docs/LibFuzzer.html#options).
    package static func run(_ check: @escaping @Sendable ([UInt8]) -> Void) -> Never {
        self.check.withLock { $0 = Check(run: check) }
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(
            LLVMFuzzerRunDriver(&count, &arguments) { start, count in
                let check = Fuzzer.check.withLock { $0 }
                check?.run(Array(UnsafeBufferPointer(start: start, count: count)))
                return 0
            })
    }
}

/// Ends the process when a promise is broken; libFuzzer then writes the input down. Not a `precondition`: that keeps silent about its reason in a release build.
package func expect(_ holds: Bool, _ promise: @autoclosure () -> String) {
    if holds { return }
    let line = Array("BROKEN PROMISE: \(promise())\n".utf8)
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    abort()
}
