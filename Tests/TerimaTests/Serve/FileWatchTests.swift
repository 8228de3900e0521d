import Testing
import TestSupport

@testable import Terima

@Suite struct FileWatchTests {
    /// A watch that may be looked through inside an expectation.
    private final class Watch {
        private var watch: FileWatch

        init(_ stamps: FileWatch.Stamp?...) { watch = FileWatch(stamps) }

        func look(_ stamps: FileWatch.Stamp?...) -> Bool { watch.look(stamps) }
        func take(_ stamps: FileWatch.Stamp?...) { watch.take(stamps) }
    }

    private func stamp(_ size: Int64) -> FileWatch.Stamp { FileWatch.Stamp(device: 1, inode: 2, size: size, seconds: 3, nanoseconds: 4) }

    @Test func aChangeIsToldOnceItIsAtRest() {
        let watch = Watch(stamp(1), stamp(1))
        #expect(!watch.look(stamp(1), stamp(1)))
        #expect(!watch.look(stamp(2), stamp(1)))
        #expect(!watch.look(stamp(2), stamp(2)))
        #expect(watch.look(stamp(2), stamp(2)))
        #expect(!watch.look(stamp(2), stamp(2)))
        // Away for a moment, and back as it was.
        #expect(!watch.look(nil, stamp(2)))
        #expect(!watch.look(stamp(2), stamp(2)))
        #expect(!watch.look(stamp(2), stamp(2)))
        // Gone for good is a change, too.
        #expect(!watch.look(nil, stamp(2)))
        #expect(watch.look(nil, stamp(2)))
        #expect(!watch.look(nil, stamp(2)))
    }

    @Test func whatWasReadForAnotherReasonIsNoNews() {
        let watch = Watch(stamp(1))
        #expect(!watch.look(stamp(2)))
        watch.take(stamp(2))
        #expect(!watch.look(stamp(2)))
        #expect(!watch.look(stamp(2)))
    }

    @Test func anotherFileInItsPlaceHasAnotherStamp() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("one", to: "file")
        let before = try #require(FileWatch.Stamp.of(path))
        #expect(FileWatch.Stamp.of(path) == before)
        // Its inode stays taken, so that another file cannot have it.
        try directory.write("two", to: "other")
        let other = try #require(FileWatch.Stamp.of(directory.file("other")))
        #expect(other != before)
        #expect(FileWatch.Stamp.of(directory.file("none")) == nil)
    }
}
