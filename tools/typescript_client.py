"""`just client`: write a typed TypeScript client of the API, from its OpenAPI document."""

import json
import subprocess
import tempfile
from pathlib import Path

import click
import msgspec

from app.cli.options import command
from app.cli.streams import run
from node_packages import NODE, NotInstalled, install

PROJECT = Path(__file__).parents[1]
GENERATOR = PROJECT / "tools" / "client"
OUTPUT = PROJECT / "kit" / "playwright" / "src" / "client"
GENERATED = "client.gen.ts"
# The document of a test server has all routes. No database is opened.
SETTINGS = {"APP_ENV": "test", "DATABASE_URL": "sqlite:///var/client.db"}


@command()
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=OUTPUT,
    help="The folder to write to. By default that of the kit for Playwright.",
)
def main(*, output: Path) -> None:
    """Write a typed TypeScript client of the API, made with @hey-api/openapi-ts.

    It has no dependencies and uses fetch. Needs network access to npm the first time. Replaces the
    whole folder.

    \b
    Examples:
      uv run just client
      uv run just client --output ../my-front-end/src/seedbed
    """
    output = output.resolve()
    if output.exists() and any(output.iterdir()) and not (output / GENERATED).exists():
        raise click.UsageError(
            f'--output is "{output}", which has files of yours. Nothing was changed. Name a new '
            "folder, or one with a generated client, which is replaced."
        )
    try:
        install(GENERATOR)
    except NotInstalled as error:
        raise click.ClickException(str(error)) from None
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "openapi.json"
        document.write_bytes(openapi_document())
        generate(document, output)
    click.echo(f"Wrote the client to {output}")


def openapi_document() -> bytes:
    # Imported here, as the help does not need the application.
    from app.main import create_app  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415

    app = create_app(Settings.from_environment(SETTINGS))
    return msgspec.json.encode(app.openapi_schema.to_schema())


def generate(document: Path, output: Path) -> None:
    script = GENERATOR / "generate.mjs"
    options = json.dumps({"input": str(document), "output": str(output)})
    done = subprocess.run(  # noqa: S603 - ours
        [NODE, script, options], cwd=GENERATOR, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise click.ClickException(f"The client was not written.\n{done.stderr}{done.stdout}")


if __name__ == "__main__":
    run(main, "just client")
