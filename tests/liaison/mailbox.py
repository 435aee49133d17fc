"""A mail server's memory: what it took, and what it is to answer."""

from email import message_from_bytes, policy


class Mailbox:
    """An SMTP handler that keeps what it takes, and refuses on demand."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.answer = "250 OK"
        # Every so many-th mail is put off, whatever it is.
        self.refuse_every = 0
        self.asked = 0

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.asked += 1
        if self.refuse_every and self.asked % self.refuse_every == 0:
            return "451 try again later"
        if self.answer.startswith("250"):
            self.messages.append(envelope.content)
        return self.answer

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address.startswith("unknown"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def parsed(self):
        return [message_from_bytes(raw, policy=policy.default) for raw in self.messages]
