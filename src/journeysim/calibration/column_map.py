"""Which column of a log plays which part, and what its words mean."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from journeysim.errors import LogError, did_you_mean
from journeysim.units import MINUTE, SECOND, parse_duration

#: What a column can be, and names by which it is guessed, without blanks and signs.
ROLES: Final[dict[str, tuple[str, ...]]] = {
    "entered": (
        "entered",
        "arrival",
        "arrived",
        "arrivaltime",
        "entertime",
        "timestamp",
        "datetime",
        "calldatetime",
        "timetimestamp",
        "start",
        "starttimestamp",
        "startdate",
        "starttime",
        "createdat",
        "date",
        "time",
    ),
    "before_queue": ("vrus", "vrutime", "ivrs", "ivrtime", "beforequeue"),
    "wait": ("wait", "waits", "qtime", "queuetime", "waittime", "waitingtime", "waitseconds"),
    "started": ("started", "answered", "answeredat", "servicestart", "startedat"),
    "talk": (
        "talk",
        "talks",
        "talktime",
        "services",
        "sertime",
        "servicetime",
        "handletime",
        "duration",
    ),
    "wrap_up": ("wrapup", "wrapups", "acw", "aftercallwork"),
    "ended": ("ended", "end", "enddate", "endtime", "endtimestamp", "finished", "completed"),
    "outcome": ("outcome", "status", "result", "disposition"),
    "channel": ("channel", "medium", "media", "operation", "activity", "conceptname"),
    "need": ("need", "type", "reason", "topic", "skill", "product"),
    "segment": ("segment", "persona", "tier", "priority"),
    "customer": ("customer", "customerid", "custid", "caller", "callerid"),
    "case": ("case", "caseid", "caseconceptname", "serviceid", "ticket", "ticketid", "journey"),
    "agent": ("agent", "agentid", "serverid", "server", "operator", "resource", "orgresource"),
    "queued": ("queued",),
    "count": ("count", "calls", "volume", "contacts", "offered"),
}
#: Parts whose words can be grouped or renamed.
WORDED: Final = ("outcome", "channel", "need", "segment")
OUTCOMES: Final = ("served", "abandoned", "left_out")
_OUTCOME_WORDS: Final = (
    ("left_out", re.compile(r"left|vru|ivr|phantom|test|closed|blocked|balked|supers")),
    ("left_out", re.compile(r"^(waiting|in_service|stuck)$")),
    ("abandoned", re.compile(r"aband|hang|hung|reneg|lost|gave")),
    ("served", re.compile(r"serv|answer|agent|handl|compl|resolv|contained|transfer|ok|done")),
)
_KEYS: Final = (
    "columns",
    "words",
    "unit",
    "time_format",
    "head_start",
    "priority",
    "opening",
    "segment_known",
    "presence_gap",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """How a log is read, and the rules that it cannot show.

    Attributes
    ----------
    columns
        Part here: column there, such as ``{"wait": "q_time"}``.
    words
        By part: word there: word here, such as ``{"outcome": {"HANG": "abandoned"}}``.
    unit
        Of durations that are bare numbers, ticks.
    time_format
        Of times that are texts, as for `strptime`; None: ISO and a few others are tried.
    head_start, priority
        By segment, as the service sets them: no log shows a rule.
    segment_known
        ``queued`` where the segment is recorded only for those who had to wait.
    opening
        Such as ``"07:00-24:00"``, for every day with contacts; None: read from the log.
    presence_gap
        An agent without a contact for longer was away, ticks.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unit: int = SECOND
    time_format: str | None = None
    head_start: Mapping[str, str] = field(default_factory=dict)
    priority: Mapping[str, int] = field(default_factory=dict)
    segment_known: str = "always"
    opening: str | None = None
    presence_gap: int = 15 * MINUTE

    def __post_init__(self) -> None:
        for role in self.columns:
            if role not in ROLES:
                raise LogError(f"map {role}: no such part of a log{did_you_mean(role, ROLES)}")
        for role, words in self.words.items():
            if role not in WORDED:
                raise LogError(f"map {role}.*: only words of {', '.join(WORDED)} can be mapped")
            for own in words.values():
                if role == "outcome" and own not in OUTCOMES:
                    raise LogError(f"map outcome.{own}: no outcome{did_you_mean(own, OUTCOMES)}")
        if self.segment_known not in ("always", "queued"):
            raise LogError(
                f"segment_known must be 'always' or 'queued', got {self.segment_known!r}"
            )


def plain_name(column: str) -> str:
    """Return a column's name without case, blanks and signs, as it is compared."""
    return re.sub(r"[^a-z0-9]", "", column.lower())


def read_map(texts: Iterable[str]) -> ColumnMap:
    """Return the map that ``--map`` options give: ``part=column``, ``part.word=theirs`` or a file.

    Raises
    ------
    LogError
        If one of them says nothing that a map can say.
    """
    made = ColumnMap()
    columns: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}
    for text in texts:
        if "=" not in text:
            made = _map_in_file(Path(text))
            columns |= made.columns
            for role, own in made.words.items():
                words.setdefault(role, {}).update(own)
            continue
        part, _, theirs = text.partition("=")
        role, dot, word = part.partition(".")
        if dot:
            words.setdefault(role, {}).update(dict.fromkeys(theirs.split(","), word))
        else:
            columns[part] = theirs
    return replace(made, columns=columns, words=words)


def _map_in_file(path: Path) -> ColumnMap:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        text = f"--map {path}: {error.strerror or error}; write part=column, or name a TOML file"
        raise LogError(text) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LogError(f"{path}: not TOML ({error})") from None
    for key in document:
        if key not in _KEYS:
            raise LogError(f"{path}: {key}: unknown key{did_you_mean(key, _KEYS)}")
    words = {role: _by_their_word(path, role, own) for role, own in _table(path, document, "words")}
    try:
        return ColumnMap(
            columns={role: str(name) for role, name in _table(path, document, "columns")},
            words=words,
            unit=parse_duration(str(document.get("unit", "1s"))),
            time_format=document.get("time_format"),
            head_start={name: str(v) for name, v in _table(path, document, "head_start")},
            priority={name: int(v) for name, v in _table(path, document, "priority")},
            segment_known=str(document.get("segment_known", "always")),
            opening=document.get("opening"),
            presence_gap=parse_duration(str(document.get("presence_gap", "15m"))),
        )
    except (ValueError, LogError) as error:
        raise LogError(f"{path}: {error}") from None


def _table(path: Path, document: Mapping[str, Any], key: str) -> list[tuple[str, Any]]:
    value = document.get(key, {})
    if not isinstance(value, dict):
        raise LogError(f"{path}: {key}: must be a table")
    return list(value.items())


def _by_their_word(path: Path, role: str, own: Any) -> dict[str, str]:
    if not isinstance(own, dict) or not all(isinstance(each, list) for each in own.values()):
        raise LogError(f"{path}: words.{role}: write ours = [theirs, ...]")
    return {str(theirs): word for word, many in own.items() for theirs in many}


def completed(given: ColumnMap, names: Sequence[str], source: str) -> tuple[ColumnMap, list[str]]:
    """Return the map with what it lacks guessed from the names of columns, and what was guessed.

    Raises
    ------
    LogError
        If it names a column that the log lacks, or nothing says when contacts came.
    """
    for role, column in given.columns.items():
        if column not in names:
            text = f"{source}: map {role}={column}: no column {column!r}"
            raise LogError(text + did_you_mean(column, names))
    columns, guessed = dict(given.columns), []
    free = {plain_name(name): name for name in names if name not in columns.values()}
    for role, known in ROLES.items():
        found = [free[name] for name in known if name in free]
        if role not in columns and found and not _shadowed(role, columns):
            columns[role] = found[0]
            guessed.append(role)
            del free[plain_name(found[0])]
    if "entered" not in columns:
        listed = ", ".join(names[:20])
        text = f"no column says when contacts came; map it: --map entered=COLUMN, one of {listed}"
        raise LogError(f"{source}: {text}")
    return replace(given, columns=columns), guessed


def _shadowed(role: str, columns: Mapping[str, str]) -> bool:
    """Return whether a part says what another column says already."""
    # A count belongs to a log of volumes, which has no contact's own columns.
    return role == "count" and any(
        name in columns for name in ("outcome", "customer", "case", "talk", "wait")
    )


def outcome_of(word: str, words: Mapping[str, str]) -> str | None:
    """Return what a word of the log's outcome column means; None if nobody knows."""
    if word in words:
        return words[word]
    plain = word.strip().lower().replace(" ", "_").replace("-", "_")
    if plain in OUTCOMES:
        return plain
    for own, pattern in _OUTCOME_WORDS:
        if pattern.search(plain):
            return own
    return None
