"""The request of a seed: how much of everything, and which scenarios."""

from typing import Annotated

from litestar.openapi.spec import OpenAPIType, Schema
from msgspec import Meta

from app.seed.request import SeedRequest
from app.seed.scenarios.catalogue import SCENARIOS
from app.seed.scenarios.scenario import Scenario

_NAME = Schema(type=OpenAPIType.STRING, enum=[*SCENARIOS])


class DataSetRequest(SeedRequest):
    """The quantities of the ordinary clinics, and scenarios that are added to them.

    All fields have defaults. There must be at least as many users as organizations, and the date
    must be within the limits.
    """

    scenarios: Annotated[
        list[str],
        Meta(
            description="Adds clinics for each of these scenarios. The ordinary rows stay the "
            "same. `GET /api/db/scenarios` describes them.",
            extra_json_schema={"extra": {"items": _NAME, "unique_items": True}},
        ),
    ] = []

    def __post_init__(self) -> None:
        super().__post_init__()
        for place, name in enumerate(self.scenarios):
            if name not in SCENARIOS:
                raise ValueError(
                    f'`scenarios` has "{name}", which must be one of {", ".join(SCENARIOS)}'
                )
            if name in self.scenarios[:place]:
                raise ValueError(f"`scenarios` must have {name} only once")

    def quantities(self) -> SeedRequest:
        """Return the request for the ordinary clinics."""
        return SeedRequest(**{name: getattr(self, name) for name in SeedRequest.__struct_fields__})

    def chosen(self) -> list[Scenario]:
        return [SCENARIOS[name] for name in self.scenarios]
