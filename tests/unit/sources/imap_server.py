"""A small IMAP server: `imap_server.py FOLDER` serves the .eml files of a folder as INBOX and prints its port.

It knows what a client needs that only reads: LOGIN, EXAMINE, UID SEARCH, UID FETCH, LOGOUT. A file named FAULT changes what it
does: `drop` closes the connection at the first FETCH, `refuse` refuses every login, `slow` never answers a SEARCH.
"""

from __future__ import annotations

import re
import socketserver
import sys
import time
from pathlib import Path

FOLDER = Path(sys.argv[1])
USER, SECRET = "desk", 'se"cret'


class Session(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        fault_file = FOLDER / "FAULT"
        self.fault = fault_file.read_text() if fault_file.exists() else ""
        self.send(b"* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.strip().partition(b" ")
            if not self.answer(tag, rest):
                return

    def send(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def mails(self) -> dict[int, Path]:
        return {int(path.stem): path for path in sorted(FOLDER.glob("*.eml"))}

    def answer(self, tag: bytes, rest: bytes) -> bool:
        verb = rest.split(b" ", 1)[0].upper()
        if verb == b"CAPABILITY":
            self.send(b"* CAPABILITY IMAP4rev1")
        elif verb == b"LOGIN":
            wanted = f'LOGIN {USER} "{SECRET}"'.replace('se"cret', 'se\\"cret').encode()
            if self.fault == "refuse" or rest != wanted:
                self.send(tag + b" NO [AUTHENTICATIONFAILED] wrong user or password")
                return True
        elif verb == b"EXAMINE":
            if b"INBOX" not in rest:
                self.send(tag + b" NO no such mailbox")
                return True
            self.send(b"* %d EXISTS" % len(self.mails()))
            self.send(b"* OK [UIDVALIDITY 7] fixed")
        elif verb == b"UID":
            return self.answer_uid(tag, rest[4:])
        elif verb == b"LOGOUT":
            self.send(b"* BYE")
            self.send(tag + b" OK bye")
            return False
        elif verb in (b"SELECT", b"STORE", b"EXPUNGE"):
            self.send(tag + b" BAD nobody may change anything")
            return True
        self.send(tag + b" OK done")
        return True

    def answer_uid(self, tag: bytes, rest: bytes) -> bool:
        if rest.startswith(b"SEARCH"):
            if self.fault == "slow":
                time.sleep(30)
            sender = re.search(rb'FROM "([^"]+)"', rest)
            found = [uid for uid, path in self.mails().items() if sender is None or sender.group(1) in path.read_bytes()]
            self.send(b"* SEARCH " + b" ".join(b"%d" % uid for uid in found))
        elif match := re.match(rb"FETCH (\d+) \((.*)\)", rest):
            if self.fault == "drop":
                return False
            uid = int(match.group(1))
            path = self.mails().get(uid)
            if path is not None:
                data = path.read_bytes()
                if b"SIZE" in match.group(2):
                    self.send(b"* 1 FETCH (UID %d RFC822.SIZE %d)" % (uid, len(data)))
                else:
                    self.wfile.write(b"* 1 FETCH (UID %d BODY[] {%d}\r\n" % (uid, len(data)) + data + b")\r\n")
        self.send(tag + b" OK done")
        return True


if __name__ == "__main__":
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        print(server.server_address[1], flush=True)  # noqa: T201
        server.serve_forever()
