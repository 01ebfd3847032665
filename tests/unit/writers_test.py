#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Nothing but lib/plan changes the disk: holds every system call and library function that could to the list below,
in both directions. docs/design/data-flow.md."""
import pathlib
import re
import sys

# Which file may call what, and why that harms no input.
MAY = {
    # Repairs, with their undo journal; what is copied; a file or a directory that was not there before.
    "lib/plan/disk.cc": {"O_WRONLY", "O_CREAT", "truncate", "rename", "unlink", "mkdir", "rmdir", "fchown", "fchmod", "futimens"},
    "lib/plan/copy_tree.cc": {"mkdir", "futimens", "fs::copy_file", "fs::create_directories"},
    "lib/plan/new_file.cc": {"O_WRONLY", "O_CREAT", "unlink", "rename", "renameat2", "copy_file_range"},
    "lib/plan/new_tree.cc": {"O_WRONLY", "O_CREAT", "O_APPEND", "mkdir", "rename", "std::filesystem::remove_all"},
    # Whole writes to a descriptor that somebody else has opened.
    "lib/base/posix.cc": {"write", "pwrite"},
    # Edits in memory, over private pages; a temporary file without a name.
    "lib/base/file.cc": {"PROT_WRITE"},
    "lib/base/spool.cc": {"O_TMPFILE", "O_RDWR", "ftruncate"},
    # Standard output and standard error.
    "lib/render/output.cc": {"write"},
    "tools/etcdmedic/main.cc": {"O_WRONLY"},  # of /dev/null, where a standard stream is closed
}
CALLS = ("pwrite|writev|pwritev|truncate|ftruncate|fallocate|posix_fallocate|rename|renameat|renameat2|unlink|"
         "unlinkat|rmdir|remove|mkdir|mkdirat|mknod|mkfifo|link|linkat|symlink|symlinkat|chmod|fchmod|fchmodat|chown|fchown|"
         "lchown|fchownat|utime|utimes|futimens|utimensat|creat|mkstemp|mkdtemp|copy_file_range|sendfile|setxattr|fsetxattr")
WRITERS = re.compile(
    rf"(?<![\w.>:&])(?:::)?(?P<call>{CALLS})\((?!\))|"
    r"(?<![\w.>])(?P<write>write)\([^;]+,[^;]+,|"
    r"\b(?P<flag>O_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)|PROT_WRITE)\b|"
    r"(?P<fs>(?:std::filesystem|\bfs)::(?:create_\w+|remove\w*|rename|copy\w*|resize_file|permissions|last_write_time))\b|"
    r"(?P<stream>std::(?:o|basic_o)?fstream|std::ofstream|\bfopen\([^;]*\"[wa][^\"]*\"|\bfdopen\b)")

root = pathlib.Path(sys.argv[1])
wrong, found = [], {}
for path in sorted([*(root / "lib").rglob("*"), *(root / "tools").rglob("*")]):
    if path.suffix not in (".h", ".cc"):
        continue
    name = str(path.relative_to(root))
    for number, line in enumerate(path.read_text().splitlines(), 1):
        for match in WRITERS.finditer(line.split("//")[0]):
            what = next(text for text in match.groups() if text)
            found.setdefault(name, set()).add(what)
            if what not in MAY.get(name, ()):
                wrong.append(f"{name}:{number}: may not call {what}: {line.strip()}")
for name, allowed in MAY.items():
    wrong += [f"{name} may use {what}, and does not" for what in sorted(allowed - found.get(name, set()))]
print("\n".join(wrong) or f"{sum(map(len, found.values()))} ways to write in {len(found)} files, all of them listed")
sys.exit(bool(wrong))
