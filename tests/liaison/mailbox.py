"""A mail server's memory: what it took, and what it is to answer."""

from email import message_from_bytes, policy


class Mailbox:
    """An SMTP handler that keeps what it takes, and refuses on demand."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
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
