"""Messages by the network: the drafts that stand go out, the workbooks of unread messages come in.

:mod:`.servers` says which server may be spoken to, and how; :mod:`.accounts` what is kept of it; :mod:`.outgoing`
makes a message out of a draft; :mod:`.smtp` sends it; :mod:`.journal` remembers what was sent, so that nothing goes out
twice; :mod:`.imap` reads unread messages; :mod:`.incoming` files the workbooks they hold.
"""

from engine.post.accounts import Account, Asked, NoServerError, address, keep, kept, reach
from engine.post.imap import Mailbox
from engine.post.incoming import Fetched, Filing
from engine.post.journal import Fate, Journal, count_sent
from engine.post.outgoing import Letter, load, parse
from engine.post.servers import Credentials, Protocol, Server, server
from engine.post.smtp import Outbox, Sent

__all__ = [
    "Account",
    "Asked",
    "Credentials",
    "Fate",
    "Fetched",
    "Filing",
    "Journal",
    "Letter",
    "Mailbox",
    "NoServerError",
    "Outbox",
    "Protocol",
    "Sent",
    "Server",
    "address",
    "count_sent",
    "keep",
    "kept",
    "load",
    "parse",
    "reach",
    "server",
]
