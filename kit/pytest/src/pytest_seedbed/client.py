"""An `httpx.Client` that raises what the server refuses."""

from typing import Any

import httpx

from pytest_seedbed.errors import SeedbedError, SeedbedUnreachable

SECONDS = 60


class Client(httpx.Client):
    """Send requests to Seedbed.

    A response with an error raises `SeedbedError`, so that the test fails with what the server
    says. To test a refusal, use `pytest.raises(SeedbedError)`.
    """

    def __init__(self, url: str, transport: httpx.BaseTransport, token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        super().__init__(base_url=url, transport=transport, headers=headers, timeout=SECONDS)

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Raise `SeedbedError` for a response with an error, `SeedbedUnreachable` without one."""
        __tracebackhide__ = True
        try:
            response = super().send(request, **options)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise SeedbedUnreachable(str(self.base_url), error) from None
        if response.is_error:
            response.read()
            raise SeedbedError(response)
        return response
