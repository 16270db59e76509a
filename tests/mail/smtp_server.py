"""A mail server of a test's own, on this machine only: aiosmtpd with a certificate of an authority made just now.

    smtp_server.py plain|starttls|implicit FOLDER [USER:PASSWORD]

Writes FOLDER/ca.pem, FOLDER/other-ca.pem (of an authority that signed nothing) and every mail it takes as
FOLDER/<number>.eml. Prints one line of JSON when it listens, and one for every mail and every refusal. It ends when
its standard input does.

What the part of an address before the @ says is done: `never` (550), `policy` (554 5.7.1), `later` (451, always),
`once-…` (451 the first time), `slow` (taken after a second), anything else is taken.
"""

import asyncio
import json
import pathlib
import ssl
import sys

import trustme
from aiosmtpd.smtp import SMTP, AuthResult


def say(**words):
    print(json.dumps(words), flush=True)


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.taken = 0
        self.seen = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.answer(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        else:
            say(refused=address, answer=answer)
        return answer

    def answer(self, address):
        word = address.split("@")[0].split("-")[0]
        if word == "once":
            first = address not in self.seen
            self.seen.add(address)
            return "451 4.7.1 try again later" if first else "250 OK"
        return {
            "never": "550 5.1.1 no such mailbox",
            "policy": "554 5.7.1 not wanted here",
            "later": "451 4.3.0 not now",
        }.get(word, "250 OK")

    async def handle_DATA(self, server, session, envelope):
        if any(to.startswith("slow") for to in envelope.rcpt_tos):
            await asyncio.sleep(1)
        self.taken += 1
        path = self.folder / f"{self.taken}.eml"
        path.write_bytes(envelope.original_content)
        say(
            taken=str(path),
            sender=envelope.mail_from,
            to=envelope.rcpt_tos,
            tls=session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None,
            user=session.auth_data.login.decode() if session.auth_data else None,
        )
        return "250 OK"


def authenticator(wanted):
    def check(server, session, envelope, mechanism, data):
        given = f"{data.login.decode()}:{data.password.decode()}"
        return AuthResult(success=given == wanted, auth_data=data)

    return check


async def main(mode, folder, user=None):
    folder = pathlib.Path(folder)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    trustme.CA().cert_pem.write_to_path(str(folder / "other-ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(tls)
    handler = Handler(folder)
    settings = dict(hostname="localhost", enable_SMTPUTF8=False)
    if mode == "starttls":
        settings.update(tls_context=tls, require_starttls=True)
    if user:
        # To aiosmtpd TLS from the first byte is none; the listener takes nothing else.
        settings.update(authenticator=authenticator(user), auth_required=True, auth_require_tls=mode == "starttls")
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, loop=loop, **settings), "127.0.0.1", 0, ssl=tls if mode == "implicit" else None
    )
    say(port=server.sockets[0].getsockname()[1])
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main(*sys.argv[1:]))
