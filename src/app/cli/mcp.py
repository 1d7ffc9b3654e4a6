"""`just mcp`: offer tools to coding agents by the Model Context Protocol."""

from importlib.util import find_spec

from app.cli.api_calls import server_at
from app.cli.options import command, server_url
from app.cli.streams import run
from app.cli.terminal import fail

MISSING = (
    "The MCP server was not started. It needs the package `mcp`: run `uv sync --extra mcp`, and "
    "try again."
)


@command()
@server_url
def main(url: str | None) -> None:
    """Offer tools to coding agents by the Model Context Protocol, on standard input and output.

    An agent starts this command itself. The tools seed, take and restore snapshots, list changes
    and create sessions; a seed is a dry run unless the agent says otherwise.

    \b
    Examples:
      uv run just mcp
      uv run just mcp --url http://127.0.0.1:8000
    """
    if find_spec("mcp") is None:
        fail(MISSING)
    from app.cli.agent_tools import make_server  # noqa: PLC0415 - it imports what may be missing

    # A tool sends any request of a user again.
    with server_at(url, all_routes=True) as base_url:
        make_server(base_url).run()


if __name__ == "__main__":
    run(main, "just mcp")
