"""An SMTP server for tests: STARTTLS and a password are required; what it takes is printed as one line of JSON.

usage: mail-server.py PORT CERTIFICATE KEY. The local part of a recipient says what is answered: `refused` 550, `later` 451
for the first time and taken from then on, `quotes` 554 with the password; everything else is taken.
"""
import asyncio
import json
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

PASSWORD = b"correct horse"
asked = {}


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        local = address.split("@")[0]
        asked[address] = asked.get(address, 0) + 1
        if local == "refused":
            return "550 5.1.1 No such mailbox"
        if local == "quotes":
            return "554 5.7.1 Not with " + PASSWORD.decode()
        if local == "later" and asked[address] == 1:
            return "451 4.7.1 Greylisted, come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        taken = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "content": envelope.content.decode("utf-8"),
        }
        print(json.dumps(taken), flush=True)
        return "250 Taken"


def authenticate(server, session, envelope, mechanism, auth):
    # `handled` would mean that the answer was sent already.
    return AuthResult(success=auth.login == b"clawtrust" and auth.password == PASSWORD, handled=False)


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[2], sys.argv[3])
controller = Controller(
    Handler(),
    hostname="127.0.0.1",
    port=int(sys.argv[1]),
    tls_context=context,
    require_starttls=True,
    authenticator=authenticate,
    auth_required=True,
)
controller.start()
print(json.dumps({"ready": True}), flush=True)
asyncio.new_event_loop().run_forever()
