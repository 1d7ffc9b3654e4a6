"""Two days pass for the sessions of an address on our server, and its invitations expire.

The scenario asks for it over HTTP. Better Auth itself has the same in `reference.mjs`.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import create_engine, make_url
from sqlmodel import col, select, update

from app import clock
from app.auth.models import Invitation, Session, User

DAY = timedelta(days=1)
DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}


@contextmanager
def ageing(database_url: str) -> Iterator[str]:
    """Start a server on loopback; return the URL that ages the address in its query."""
    url = make_url(database_url)
    engine = create_engine(url.set(drivername=DRIVERS[url.get_backend_name()]))

    class Ageing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            [email] = parse_qs(urlsplit(self.path).query)["email"]
            with engine.begin() as connection:
                invited = update(Invitation).where(col(Invitation.email) == email)
                connection.execute(invited.values(expires_at=clock.now() - DAY))
                user = select(User.id).where(User.email == email)
                signed_in = update(Session).where(col(Session.user_id).in_(user))
                connection.execute(signed_in.values(created_at=clock.now() - 2 * DAY))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Ageing) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/age"
        finally:
            server.shutdown()
            engine.dispose()
