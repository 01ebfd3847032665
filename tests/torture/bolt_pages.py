# SPDX-License-Identifier: Apache-2.0
"""The pages of a sound bbolt file that its newest meta leads to: just enough to aim at each part of them."""
import struct

PAGE = 4096
BRANCH, LEAF, BUCKET = 1, 2, 1


class Pages:
    def __init__(self, path):
        self.content = path.read_bytes()
        self.kinds = {}  # page: "branch of key", "leaf of root", ...
        metas = [struct.unpack_from("<Q8xQQQ", self.content, number * PAGE + 32) + (number,) for number in (0, 1)]
        root, _, self.high, self.txid, self.live = max(metas, key=lambda meta: meta[3])
        self._walk(root, "root")

    def _walk(self, number, bucket):
        flags, = struct.unpack_from("<H", self.content, number * PAGE + 8)
        self.kinds[number] = f"{'branch' if flags & BRANCH else 'leaf'} of {bucket}"
        for _, key, value, child in self.elements(number):
            if child is not None:
                name = bucket if flags & BRANCH else self.content[slice(*key)].decode(errors="replace")
                if child:  # a bucket that is not inline
                    self._walk(child, name)

    def elements(self, number):
        """(start of the element, (start, end) of the key, of the value, page it leads to or nothing)."""
        _, flags, count, _ = struct.unpack_from("<QHHI", self.content, number * PAGE)
        for at in range(number * PAGE + 16, number * PAGE + 16 + 16 * count, 16):
            if flags & BRANCH:
                pos, size, child = struct.unpack_from("<IIQ", self.content, at)
                yield at, (at + pos, at + pos + size), (0, 0), child
            else:
                kind, pos, size, value = struct.unpack_from("<IIII", self.content, at)
                key, end = at + pos, at + pos + size
                child = struct.unpack_from("<Q", self.content, end)[0] if kind == BUCKET else None
                yield at, (key, end), (end, end + value), child

    def some(self, random, word=""):
        """A page whose kind has the word; every kind as likely as the large one."""
        kinds = sorted({kind for kind in self.kinds.values() if word in kind})
        chosen = random.choice(kinds)
        return random.choice([number for number, kind in self.kinds.items() if kind == chosen])
