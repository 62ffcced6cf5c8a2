"""Which column of a log plays which part, and what its words mean."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from journeysim.errors import LogError, did_you_mean
from journeysim.input_tables.date_texts import DateOrder
from journeysim.input_tables.numbers import DecimalSign
from journeysim.units import MINUTE, parse_duration

#: What a column can be, and names by which it is guessed, without blanks and signs: the field's
#: words, and the headings of the common systems.
ROLES: Final[dict[str, tuple[str, ...]]] = {
    "entered": (
        *("entered", "arrival", "arrived", "arrivaltime", "entertime", "enteredqueue"),
        *("timestamp", "datetime", "calldatetime", "timetimestamp", "start", "starttimestamp"),
        *("startdatetime", "startdate", "starttime", "callstart", "callstarttime", "calldate"),
        *("conversationstart", "conversationstarttime", "segmentstart", "initiationtimestamp"),
        *("enqueuetimestamp", "offeredtime", "queuestart", "queuestarttime", "contactstart"),
        *("contactstarttime", "createdat", "created", "createdtime", "datecreated", "eventtime"),
    ),
    "date": ("date", "day", "datum", "reportdate"),
    "clock": (
        *("time", "interval", "timeinterval", "intervalstart", "halfhour", "period", "timeofday"),
        *("zeit", "uhrzeit", "timeslot"),
    ),
    "before_queue": ("vrus", "vrutime", "ivrs", "ivrtime", "beforequeue", "timeinivr"),
    "wait": (
        *("wait", "waits", "qtime", "queuetime", "waittime", "waitingtime", "waitseconds"),
        *("timeinqueue", "queuewaittime", "queueduration", "speedofanswer", "ringtime"),
        *("tqueue", "tacd", "tanswer", "holdtimeinqueue"),
    ),
    "started": (
        *("started", "answered", "answeredat", "servicestart", "startedat", "answertime"),
        *("connecttime", "connectedtoagenttimestamp", "answeredtime", "agentanswertime"),
    ),
    "talk": (
        *("talk", "talks", "talktime", "services", "sertime", "servicetime", "handletime"),
        *("handlingtime", "talkduration", "ttalk", "billsec", "agentinteractionduration"),
        *("inqueuetime", "duration"),
    ),
    "wrap_up": (
        *("wrapup", "wrapups", "wrapuptime", "acw", "acwtime", "aftercallwork"),
        *("aftercallworktime", "aftercontactworkduration", "tacw", "worktime"),
    ),
    "ended": (
        *("ended", "end", "enddate", "endtime", "endtimestamp", "finished", "completed"),
        *("callend", "callendtime", "conversationend", "disconnecttimestamp", "hanguptime"),
        *("solvedat", "resolvedat", "closedat"),
    ),
    "outcome": (
        *("outcome", "status", "result", "disposition", "callresult", "calldisposition"),
        *("abandoned", "isabandoned", "callstatus", "contactdisposition"),
    ),
    "channel": (
        *("channel", "medium", "media", "mediatype", "operation", "activity", "conceptname"),
        *("via", "source", "contactchannel"),
    ),
    "need": (
        *("need", "type", "reason", "topic", "skill", "skillname", "product", "queue"),
        *("queuename", "calltype", "campaign", "campaignname", "wrapupcode", "splitskill"),
    ),
    "segment": ("segment", "persona", "tier", "priority", "customertype"),
    "customer": (
        *("customer", "customerid", "custid", "caller", "callerid", "cli", "ani", "src", "from"),
        *("callingnumber", "callernumber", "customerendpointaddress", "requesterid", "requester"),
    ),
    "case": (
        *("case", "caseid", "caseconceptname", "serviceid", "ticket", "ticketid", "journey"),
        *("casenumber", "ticketnumber"),
    ),
    "agent": (
        *("agent", "agentid", "agentname", "serverid", "server", "operator", "resource"),
        *("orgresource", "user", "username", "agentusername", "assignee", "assigneeid"),
        *("answeredby",),
    ),
    "queued": ("queued",),
    "count": ("count", "calls", "volume", "contacts", "offered", "callsoffered", "acdcalls"),
}
#: Parts whose words can be grouped or renamed.
WORDED: Final = ("outcome", "channel", "need", "segment")
OUTCOMES: Final = ("served", "abandoned", "left_out")
_KEYS: Final = (
    "columns",
    "words",
    "unit",
    "time_format",
    "dates",
    "zone",
    "decimal",
    "sheet",
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
        Of durations that are bare numbers, ticks; None: as the name of the column says
        (``wait_min``), else seconds.
    time_format
        Of times that are texts, as for `strptime`; None: as the texts show.
    dates
        ``day-first`` or ``month-first``, of dates such as 3/4/2024; None: as the data decide.
    zone
        Whose clock on the wall counts, where times have an offset; None: the offset's own.
    decimal
        The sign before a fraction, ``.`` or ``,``; None: as the column shows.
    sheet
        Of a workbook with several.
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
    unit: int | None = None
    time_format: str | None = None
    dates: DateOrder | None = None
    zone: str | None = None
    decimal: DecimalSign | None = None
    sheet: str | None = None
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
        if self.dates not in (None, "day-first", "month-first"):
            raise LogError(f"dates must be 'day-first' or 'month-first', got {self.dates!r}")
        if self.decimal not in (None, ".", ","):
            raise LogError(f"decimal must be '.' or ',', got {self.decimal!r}")
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
            unit=parse_duration(str(document["unit"])) if "unit" in document else None,
            time_format=document.get("time_format"),
            dates=document.get("dates"),
            zone=document.get("zone"),
            decimal=document.get("decimal"),
            sheet=document.get("sheet"),
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
        if column and column not in names:
            text = f"{source}: map {role}={column}: no column {column!r}"
            raise LogError(text + did_you_mean(column, names))
    none = {role for role, column in given.columns.items() if not column}
    columns = {role: column for role, column in given.columns.items() if column}
    guessed: list[str] = []
    free = {plain_name(name): name for name in names if name not in columns.values()}
    for role, known in ROLES.items():
        found = [free[name] for name in known if name in free]
        if role not in (*columns, *none) and found and not _shadowed(role, columns):
            columns[role] = found[0]
            guessed.append(role)
            del free[plain_name(found[0])]
    for role in ("date", "clock"):
        # A date alone, or a time alone, may hold the whole moment.
        if "entered" not in columns and role in columns and not {"date", "clock"} <= set(columns):
            columns = {"entered": columns.pop(role)} | columns
            guessed = [*("entered",), *(own for own in guessed if own != role)]
    if "entered" not in columns and not {"date", "clock"} <= set(columns):
        listed = ", ".join(names[:20])
        text = f"no column says when contacts came; map it: --map entered=COLUMN, one of {listed}"
        raise LogError(f"{source}: {text}")
    return replace(given, columns=columns), guessed


def _shadowed(role: str, columns: Mapping[str, str]) -> bool:
    """Return whether a part says what another column says already."""
    if role == "clock":
        return "entered" in columns and "date" not in columns
    if role == "date":
        return False
    # A count belongs to a log of volumes, which has no contact's own columns.
    return role == "count" and any(
        name in columns for name in ("outcome", "customer", "case", "talk", "wait")
    )
