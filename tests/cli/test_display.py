"""What `just seed` shows has room on any terminal, and nothing of it is cut off."""

import re

import anyio
import msgspec
import pytest
from msgspec import UNSET

from app.cli.display import show_summary
from app.cli.progress_bars import show_steps
from app.cli.terminal import make_console
from app.seed.progress.events import StepDone
from app.seed.summary import SeedSummary
from cli.screen import CONTROL, terminal
from conftest import open_app

STEPS = ("reset", "users", "availabilityExceptions", "treatmentPlans", "commit")
SHOWN_STEPS = ("reset", "users", "availability exceptions", "treatment plans", "commit")


@pytest.fixture(scope="module")
def with_scenarios(tmp_path_factory: pytest.TempPathFactory) -> SeedSummary:
    """Return the summary of the default data set with two scenarios."""
    file = tmp_path_factory.mktemp("display") / "seeded.db"

    async def seed() -> bytes:
        async with open_app(f"sqlite:///{file}") as client:
            body = {"scenarios": ["empty", "no-patients"]}
            return (await client.post("/api/db/seed?dryRun=true", json=body)).content

    return msgspec.json.decode(anyio.run(seed), type=SeedSummary)


@pytest.fixture(scope="module")
def summary(with_scenarios: SeedSummary) -> SeedSummary:
    """Return the summary of the default data set."""
    users = [user for user in with_scenarios.sign_in.users if user.scenario is UNSET]
    sign_in = msgspec.structs.replace(with_scenarios.sign_in, users=users)
    return msgspec.structs.replace(with_scenarios, sign_in=sign_in, scenarios=[])


def show(summary: SeedSummary) -> None:
    """Show what is shown of a seed, from its steps to its summary."""
    console = make_console()
    steps = [StepDone(step=step, rows=40, duration_ms=1_234.5) for step in STEPS]
    for _ in show_steps(console, iter(steps)):
        pass
    show_summary(console, msgspec.to_builtins(summary))


def show_in_pipe(
    patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], summary: SeedSummary, width: str
) -> str:
    """Return what is shown where there is no terminal, and COLUMNS and LINES have this value."""
    patch.delenv("FORCE_COLOR", raising=False)
    for name in ("COLUMNS", "LINES"):
        patch.setenv(name, width)
    show(summary)
    return capsys.readouterr().out


def assert_complete(shown: str, summary: SeedSummary) -> None:
    """Each line about a person has everything; nothing ends in an ellipsis."""
    assert len(summary.sign_in.users) == 10
    for user in summary.sign_in.users:
        assert user.email in shown
        assert user.organization in shown
        assert re.search(rf"{user.name}(, | +){user.role}\b", shown)
    assert "…" not in shown
    assert not re.search(r"(?m)^ *[\d.,]+ ms$", shown), "a step is in two lines"
    assert all(step in shown for step in SHOWN_STEPS)


def widest(shown: str) -> int:
    lines = shown.replace("\r", "\n").splitlines()
    return max(len(line.rstrip()) for line in lines if not line.startswith("SQLite"))


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_everything_fits_in_a_pipe(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    summary: SeedSummary,
    columns: int,
) -> None:
    """COLUMNS is obeyed where there is no terminal, and no word is cut."""
    shown = show_in_pipe(monkeypatch, capsys, summary, str(columns))
    assert widest(shown) <= columns
    assert_complete(shown, summary)


@pytest.mark.parametrize("columns", ["", "5", "-60", "²", "6" * 5_000])
def test_unusable_width_is_ignored(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    summary: SeedSummary,
    columns: str,
) -> None:
    """The output is that of a pipe without COLUMNS: a table of 120 columns at most."""
    shown = show_in_pipe(monkeypatch, capsys, summary, columns)
    assert 80 < widest(shown) <= 120
    assert re.search("email +name +role +clinic", shown)


@pytest.mark.parametrize("columns", [40, 60])
def test_everything_fits_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, summary: SeedSummary, columns: int
) -> None:
    with terminal(monkeypatch, columns) as screen:
        show(summary)
    shown = CONTROL.sub("", screen.text)
    assert widest(shown) <= columns
    assert_complete(shown, summary)


@pytest.mark.parametrize(("columns", "term"), [(0, "xterm"), (60, "dumb")])
def test_terminal_without_a_usable_width_shows_everything(
    monkeypatch: pytest.MonkeyPatch, summary: SeedSummary, columns: int, term: str
) -> None:
    """Neither one that does not know its width nor one that cannot be drawn over is a problem."""
    with terminal(monkeypatch, columns, TERM=term) as screen:
        show(summary)
    shown = CONTROL.sub("", screen.text)
    assert_complete(shown, summary)
    assert widest(shown) <= (columns or 80)


def test_terminal_of_three_columns_gets_twenty(
    monkeypatch: pytest.MonkeyPatch, summary: SeedSummary
) -> None:
    """What no one can read is no reason to fail."""
    with terminal(monkeypatch, 3) as screen:
        show(summary)
    assert widest(CONTROL.sub("", screen.text)) <= 40


def test_scenarios_are_shown_with_their_users(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    with_scenarios: SeedSummary,
) -> None:
    """Each has a table, after that of the ordinary users; all rules and rows are counted."""
    shown = show_in_pipe(monkeypatch, capsys, with_scenarios, "160")
    ordinary, empty, no_patients = re.split("Scenario (?:empty|no-patients)", shown)
    tables = {"empty": empty, "no-patients": no_patients, UNSET: ordinary}
    for user in with_scenarios.sign_in.users:
        assert [name for name, table in tables.items() if user.email in table] == [user.scenario]
    rules = len(with_scenarios.checks)
    rules += sum(len(each.checks) for each in with_scenarios.scenarios)
    rows = sum(created.count for created in with_scenarios.created.by_kind().values())
    rows += sum(sum(each.created.values()) for each in with_scenarios.scenarios)
    assert f"{rules} rules checked on {rows} rows" in no_patients


@pytest.mark.parametrize("is_shared", [True, False])
def test_shared_hash_is_mentioned(
    capsys: pytest.CaptureFixture[str], summary: SeedSummary, *, is_shared: bool
) -> None:
    """Only if all users have one hash of the password, the summary says so."""
    sign_in = msgspec.structs.replace(summary.sign_in, hash_is_shared=is_shared)
    changed = msgspec.structs.replace(summary, sign_in=sign_in)
    show_summary(make_console(), msgspec.to_builtins(changed))
    shown = capsys.readouterr().out
    assert ("More than 100 users share one hash of the password." in shown) is is_shared
