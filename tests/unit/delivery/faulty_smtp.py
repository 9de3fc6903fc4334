"""An SMTP server (aiosmtpd) that fails on demand, run as a process of its own.

    python faulty_smtp.py --log accepted.jsonl [--certificate chain.pem --key key.pem] [--implicit-tls] [--at FAULT]
                          [--user NAME --password WORD] [--random SEED]

It prints its port and then serves until it is killed. Every message that it takes responsibility for is a line of the log.

A fault is `<step>-<what>`: step one of `connect`, `ehlo`, `mail`, `rcpt`, `data` (the command), `body` (in the middle of the
message), `dot` (after all of it) or `stored` (after the message is in the log); what is `drop`, `slow`, `garbage`, or a code
such as `450`. `--at` applies it to everybody; a recipient whose local part is `<fault>.<anything>` asks for it for itself
(from the `rcpt` step on). `--random` draws a fault per step from that seed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import ssl
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

SLOW_SECONDS = 5
FAULTS = ("drop", "450", "550", "garbage", "421")


class FaultySmtp(SMTP):
    """The steps of aiosmtpd's server, each with a place where it may fail."""

    def __init__(self, options: argparse.Namespace, dice: random.Random | None, tls: ssl.SSLContext | None) -> None:
        self._options, self._dice = options, dice
        users = {options.user.encode(): options.password.encode()} if options.user else {}

        def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
            right = isinstance(data, LoginPassword) and users.get(data.login) == data.password
            return AuthResult(success=right, handled=False)

        super().__init__(
            handler=self,
            hostname="mail.example.org",
            tls_context=None if options.implicit_tls else tls,
            require_starttls=tls is not None and not options.implicit_tls,
            authenticator=authenticate,
            auth_require_tls=bool(users),
            auth_required=bool(users),
            timeout=30,
            data_size_limit=options.size_limit,
        )

    async def _fails(self, step: str) -> bool:
        """Do what goes wrong at this step; True where the step must not go on."""
        what = self._fault(step)
        if what is None:
            return False
        if what == "slow":
            await asyncio.sleep(SLOW_SECONDS)
            return False
        if what == "drop":
            self.transport.abort()
        elif what == "garbage":
            await self.push("what?")
        else:
            await self.push(f"{what} fault at {step}")
            if what == "421":
                self.transport.close()
        return True

    def _fault(self, step: str) -> str | None:
        asked = [self._options.at or ""]
        if self.envelope is not None and self.envelope.rcpt_tos:
            asked.append(self.envelope.rcpt_tos[-1].partition(".")[0])
        for fault in asked:
            if fault.startswith(step + "-"):
                return fault.removeprefix(step + "-")
        if self._dice is not None and self._dice.random() < 0.07:
            return self._dice.choice(FAULTS)
        return None

    async def _handle_client(self) -> None:
        if not await self._fails("connect"):
            await super()._handle_client()

    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self._fails("ehlo"):
            await super().smtp_EHLO(hostname)

    async def smtp_MAIL(self, arg: str | None) -> None:
        if not await self._fails("mail"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        address = (arg or "").partition("<")[2].rstrip(">")
        self.envelope.rcpt_tos.append(address)
        if await self._fails("rcpt"):
            self.envelope.rcpt_tos.pop()
            return
        await self.push("250 recipient ok")

    async def smtp_DATA(self, arg: str | None) -> None:
        if await self._fails("data"):
            return
        if self._fault("body") == "drop":
            await self.push("354 go on")
            await self._reader.read(200)
            self.transport.abort()
            return
        await super().smtp_DATA(arg)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Called by aiosmtpd with the whole message."""
        what = self._fault("dot")
        if what is not None:
            return await self._answer(what)
        record = {
            "to": envelope.rcpt_tos,
            "from": envelope.mail_from,
            "tls": self.transport.get_extra_info("ssl_object") is not None,
            "size": len(envelope.content),
        }
        record["message"] = envelope.content.decode("ascii")
        with Path(self._options.log).open("a") as log:
            log.write(json.dumps(record) + "\n")
        what = self._fault("stored")
        # What is stored can't be refused any more: only the answer can get lost.
        if what is not None and what in ("slow", "drop", "garbage"):
            return await self._answer(what)
        return "250 2.0.0 queued"

    async def _answer(self, what: str) -> str:
        if what == "drop":
            self.transport.abort()
        elif what == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        elif what != "garbage":
            return f"{what} fault after the message"
        return "what?" if what == "garbage" else "250 2.0.0 queued"


async def serve(options: argparse.Namespace) -> None:
    tls = None
    if options.certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options.certificate, options.key)
    dice = random.Random(options.random) if options.random is not None else None
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: FaultySmtp(options, dice, tls), "127.0.0.1", 0, ssl=tls if options.implicit_tls else None
    )
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - the parent reads the port
    async with server:
        await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("log", "certificate", "key", "at", "user", "password"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--implicit-tls", action="store_true")
    parser.add_argument("--random", type=int)
    parser.add_argument("--size-limit", type=int, default=33_554_432)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
