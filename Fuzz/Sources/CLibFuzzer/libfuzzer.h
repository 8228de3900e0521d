#include <stddef.h>
#include <stdint.h>

/// libFuzzer's own loop (https://llvm.org/docs/LibFuzzer.html#using-libfuzzer-as-a-library); the library comes with -sanitize=fuzzer.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test_one_input)(const uint8_t *data, size_t size));
