"""Mails in the shapes that Outlook, Gmail and Apple Mail give them, and archives."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from io import BytesIO

XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RECEIVED = (
    "from mail.town.example by mx.nasro.example with ESMTPS id 4; Fri, 20 Nov 2026 09:14:07 -0500",
    "from desk.town.example by mail.town.example with ESMTP id 7; Thu, 19 Nov 2026 23:58:00 -0500",
)
"""The newest first, as servers write them."""
PDF, PNG = b"%PDF-1.7 certificate", b"\x89PNG\r\n\x1a\n"

Files = Mapping[str, bytes]


def headers(message: EmailMessage | MIMEMultipart, *, received: Sequence[str] = RECEIVED) -> None:
    """The headers of a mail that an agency sent."""
    for one in received:
        message["Received"] = one
    message["From"] = "Dana Cole <dcole@town.example>"
    message["To"] = "claims@nasro.example"
    message["Date"] = "Thu, 19 Nov 2026 23:57:41 -0500"
    message["Message-ID"] = "<20261119.7@town.example>"
    message["Subject"] = "Claim of Officer Reyes"


def gmail(files: Files, *, received: Sequence[str] = RECEIVED) -> bytes:
    """multipart/mixed around multipart/alternative; every file is an attachment."""
    message = EmailMessage()
    headers(message, received=received)
    message.set_content("Attached.")
    message.add_alternative("<p>Attached.</p>", subtype="html")
    for name, content in files.items():
        subtype = XLSX if name.endswith(".xlsx") else "pdf" if name.endswith(".pdf") else "octet-stream"
        message.add_attachment(content, maintype="application", subtype=subtype, filename=name)
    return message.as_bytes()


def outlook(files: Files) -> bytes:
    """multipart/mixed around multipart/related: the logo of the signature is in the text."""
    message, related = MIMEMultipart("mixed"), MIMEMultipart("related")
    headers(message)
    related.attach(MIMEText('<p>Attached.</p><img src="cid:logo">', "html"))
    logo = MIMEApplication(PNG, "png", name="image001.png")
    logo.add_header("Content-ID", "<logo>")
    logo.add_header("Content-Disposition", "inline", filename="image001.png")
    related.attach(logo)
    message.attach(related)
    for name, content in files.items():
        part = MIMEApplication(content, "octet-stream", name=name)
        part.add_header("Content-Description", name)
        part.add_header("Content-Disposition", "attachment", filename=name, size=str(len(content)))
        message.attach(part)
    return message.as_bytes()


def apple(files: Files) -> bytes:
    """Plain text in pieces, and the files inline between them; names in RFC 2231 where they are not ASCII."""
    message = MIMEMultipart("mixed")
    headers(message)
    for name, content in files.items():
        message.attach(MIMEText("\n", "plain"))
        part = MIMEApplication(content, XLSX if name.endswith(".xlsx") else "pdf")
        part.set_param("x-unix-mode", "0644")
        part.add_header("Content-Disposition", "inline", filename=("utf-8", "", name))
        message.attach(part)
    message.attach(MIMEText("Sent from my iPhone", "plain"))
    return message.as_bytes()


def forwarded(mail: bytes) -> bytes:
    """A mail to which another is attached, as message/rfc822."""
    import email
    from email import policy

    message = EmailMessage()
    message["Received"] = "from a by b; Mon, 23 Nov 2026 08:00:00 -0500"
    message["From"] = "A Colleague <colleague@nasro.example>"
    message["Date"] = "Mon, 23 Nov 2026 07:59:00 -0500"
    message["Message-ID"] = "<forward@nasro.example>"
    message.set_content("See the mail below.")
    message.add_attachment(email.message_from_bytes(mail, policy=policy.default))
    return message.as_bytes()


def archive(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A .zip of some files."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", method) as made:
        for name, inner in files.items():
            made.writestr(name, inner)
    return content.getvalue()
