"""A flame graph of a process, as SVG: which functions its threads are in while it is under load. Made with Linux' perf and a renderer of our own; wide is often."""

import collections
import html
import re
import subprocess

FREQUENCY = 499         # samples a second and core
WIDTH, ROW = 1200, 16   # pixels
SMALLEST = 1            # pixels; what is narrower is left out
LIBRARIES = {"libsqlite3": "#c9a227", "libc.so": "#8a94a6", "libz.so": "#8a94a6", "libzstd": "#b5651d", "[kernel": "#b0413e", "[guest": "#b0413e"}
OURS = "#1a7f5a"


class Frame:
    def __init__(self, name, library=""):
        self.name, self.library, self.samples, self.children = name, library, 0, {}

    def child(self, name, library):
        return self.children.setdefault(name, Frame(name, library))

    def depth(self):
        return 1 + max((child.depth() for child in self.children.values()), default=0)


def record(pid, path, seconds):
    """Starts perf on all threads of a process; it ends by itself."""
    return subprocess.Popen(
        ["perf", "record", "--quiet", "-e", "cpu-clock", "-F", str(FREQUENCY), "--call-graph", "dwarf,16384", "-o", str(path), "-p", str(pid), "--", "sleep", str(seconds)])


def stacks(path):
    """Each sample: the thread's name and its frames with their library, outermost first."""
    script = subprocess.run(
        ["perf", "script", "--no-inline", "-F", "comm,ip,sym,dso", "-i", str(path)], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    readable = subprocess.run(["swift", "demangle", "--simplified"], check=True, input=script, stdout=subprocess.PIPE).stdout.decode(errors="replace")
    for sample in readable.split("\n\n"):
        thread, *lines = [line.strip() for line in sample.splitlines() if line.strip()] or [""]
        frames = [found.groups() for line in lines if (found := re.match(r"[0-9a-f]+ (.*) \(([^()]*)\)$", line))]
        if frames:
            yield thread, [(shortened(name), library.rpartition("/")[2]) for name, library in reversed(frames)]


def shortened(name):
    """Without parameters, specialisations and addresses: what is left is what is looked for."""
    name = re.sub(r"^(?:(?:generic |function signature )?specialized |(?:partial apply|thunk|closure #\d+|implicit closure #\d+|reabstraction thunk helper) (?:for |in |from )?)+", "", name)
    return re.sub(r"\(.*", "", re.sub(r"<[^<>]*>", "", name)) or name


def tree(samples):
    root = Frame("all")
    for thread, frames in samples:
        frame = root
        frame.samples += 1
        for name, library in [(re.sub(r"[-#]*\d+$", "", thread) or thread, "")] + frames:
            if name == frame.name or name.startswith(("@", "[")):
                continue
            frame = frame.child(name, library)
            frame.samples += 1
    return root


def color(frame):
    return next((color for library, color in LIBRARIES.items() if frame.library.startswith(library)), OURS)


def boxes(frame, left, level, scale):
    width = frame.samples * scale
    if width < SMALLEST:
        return
    yield frame, left, level, width
    for child in sorted(frame.children.values(), key=lambda child: child.name):
        yield from boxes(child, left, level + 1, scale)
        left += child.samples * scale


def draw(root, title, path):
    """Our own code green, SQLite yellow, the kernel red, other libraries grey. A frame's whole name and its share are shown when the pointer rests on it."""
    placed = list(boxes(root, 0, 0, WIDTH / max(root.samples, 1)))
    height = (max(level for *_, level, _ in placed) + 1) * ROW + 30
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="10">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/><text x="4" y="16" font-size="12">{html.escape(title)}</text>']
    for frame, left, level, width in placed:
        top = height - (level + 1) * ROW
        share = f"{frame.name}: {100 * frame.samples / root.samples:.1f} %"
        text = html.escape(frame.name[:int(width / 5.6)]) if width > 24 else ""
        lines.append(
            f'<g><title>{html.escape(share)}</title><rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{ROW - 1}" fill="{color(frame)}" fill-opacity=".75"/>'
            f'<text x="{left + 2:.1f}" y="{top + 11}">{text}</text></g>')
    path.write_text("\n".join(lines + ["</svg>", ""]))


def shares(samples):
    """How much of all samples lies in each library, by the innermost frame."""
    innermost = collections.Counter(frames[-1][1] for _, frames in samples)
    whole = sum(innermost.values())
    return {library: count / whole for library, count in innermost.most_common(8)}
