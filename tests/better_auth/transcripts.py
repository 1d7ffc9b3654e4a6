"""Transcripts of the scenario: freed of what is new each time, and compared step by step."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

Steps = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Deliberate:
    """A difference that is meant in the steps whose names fit a pattern; `…` ends any text."""

    why: str
    difference: str
    steps: tuple[str, ...]

    def covers(self, step: str, difference: str) -> bool:
        return self._is(difference) and any(fnmatchcase(step, p) for p in self.steps)

    def stale(self, found: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the patterns that no difference fits any more."""
        steps = [step for step, difference in found if self._is(difference)]
        return [
            (pattern, self.difference)
            for pattern in self.steps
            if not any(fnmatchcase(step, pattern) for step in steps)
        ]

    def _is(self, difference: str) -> bool:
        begin = self.difference.removesuffix("…")
        return difference == begin or (begin != self.difference and difference.startswith(begin))


def read(transcript: list[dict[str, Any]]) -> Steps:
    """Return the steps by name, with ids called after where they first occurred."""
    names: dict[str, str] = {}

    def freed(value: Any, key: str, path: str) -> Any:
        match value:
            case dict():
                return {k: freed(v, k, f"{path}.{k}") for k, v in sorted(value.items())}
            case list():
                return [freed(v, key, f"{path}[{i}]") for i, v in enumerate(value)]
            case str() if key == "id" or key.endswith("Id") or key == "token":
                return names.setdefault(value, f"<{path}>")
            case str() if key.endswith("At"):
                return "<date>"
            case str() if key == "ipAddress":
                return "<address>"  # Better Auth knows it from headers of proxies only
        return value

    return {step["step"]: freed(step, "", step["step"]) for step in transcript}


def outcome(step: dict[str, Any]) -> str:
    """Say how a step ended: its status, and its code if it was refused."""
    return " ".join(str(part) for part in (step["status"], _code(step)) if part)


def differences(ours: Steps, theirs: Steps) -> Iterator[tuple[str, str]]:
    """Name each step that ended otherwise, and what is different; we may say more of an error."""
    for name in sorted(ours.keys() ^ theirs.keys()):
        yield name, "taken by one of both only"
    for name in ours.keys() & theirs.keys():
        one, other = ours[name], theirs[name]
        codes_differ = _code(other) is not None and _code(one) != _code(other)
        if one["status"] != other["status"] or codes_differ:
            yield name, f"{outcome(one)}, not {outcome(other)}"
        elif one["call"] != other["call"]:
            yield name, f"{one['call']}, not {other['call']}"
        else:
            for difference in sorted(set(_of_values(one.get("data"), other.get("data"), "data"))):
                yield name, difference


def unexplained_errors(steps: Steps) -> list[str]:
    """Name the refusals that lack a code or a message."""
    return [
        name
        for name, step in steps.items()
        if "error" in step and not (_text(step, "code") and _text(step, "message"))
    ]


def _text(step: dict[str, Any], key: str) -> bool:
    value = step["error"].get(key)
    return isinstance(value, str) and value.strip() != ""


def _code(step: dict[str, Any]) -> Any:
    return step.get("error", {}).get("code")


def _of_values(ours: Any, theirs: Any, path: str) -> Iterator[str]:
    match ours, theirs:
        case dict(), dict():
            for key in ours.keys() | theirs.keys():
                if key in ours and key in theirs:
                    yield from _of_values(ours[key], theirs[key], f"{path}.{key}")
                else:
                    yield f"{path}.{key}: {_shown(ours, key)}, not {_shown(theirs, key)}"
        case list(), list() if len(ours) == len(theirs):
            for one, other in zip(ours, theirs, strict=True):
                yield from _of_values(one, other, f"{path}[]")
        case list(), list():
            yield f"{path}: {len(ours)} entries, not {len(theirs)}"
        case _ if ours != theirs or type(ours) is not type(theirs):
            yield f"{path}: {_json(ours)}, not {_json(theirs)}"


def _shown(values: dict[str, Any], key: str) -> str:
    return _json(values[key]) if key in values else "absent"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
