"""The rows of some clinics, and the sentences that are true of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.seed.kinds import LOADED
from app.seed.scenarios.scenario import ClinicContent
from seeded_data.rows import Row, Rows, read_rows
from seeded_data.seeded_set import Rule, SeededSet, Volumes

UNOWNED = ("verifications",)


@dataclass(frozen=True)
class ClinicRows:
    """The rows of each table, and the date of the data set."""

    rows: Mapping[str, list[Row]]
    as_of: date

    def __getitem__(self, table: str) -> list[Row]:
        return self.rows[table]

    def complaints(self, rule: Rule) -> list[str]:
        """Return what a rule of ordinary data sets, which is written independently, finds."""
        volumes = Volumes(users=len(self["users"]), organizations=1, patients=0)
        return [*rule(SeededSet({**self.rows}, volumes, self.as_of))]


def read_clinics(database_url: str, clinics: set[UUID], as_of: date) -> ClinicRows:
    """Read the rows of some clinics with the drivers."""
    rows = read_rows(database_url)
    users = {row["user_id"] for row in rows["members"] if row["organization_id"] in clinics}
    found: Rows = {}
    for table, of_all in rows.items():
        if table in UNOWNED:
            continue
        if table == "organizations":
            found[table] = [row for row in of_all if row["id"] in clinics]
        elif table in {"users", "accounts", "sessions"}:
            key = "id" if table == "users" else "user_id"
            found[table] = [row for row in of_all if row[key] in users]
        else:
            found[table] = [row for row in of_all if row["organization_id"] in clinics]
    return ClinicRows(found, as_of)


def rows_of_content(content: ClinicContent, as_of: date) -> ClinicRows:
    """Return the rows that would be read after this content was written."""
    loaded = {kind.table.name: [*map(dict, content.rows.get(kind.name, ()))] for kind in LOADED}
    identities: dict[str, Iterable[Any]] = {
        "users": content.users,
        "organizations": [organization for organization, _ in content.organizations],
        "members": content.all_members,
        "invitations": content.invitations,
    }
    found = {table: [asdict(each) for each in of_table] for table, of_table in identities.items()}
    return ClinicRows({**found, **loaded}, as_of)


Change = Callable[[ClinicContent], ClinicContent]


@dataclass(frozen=True)
class Sentence:
    """`holds` says the same as a guarantee, and each of `changes` makes it wrong."""

    holds: Callable[[ClinicRows], bool]
    changes: tuple[Change, ...]


Sentences = Mapping[str, Sentence]
