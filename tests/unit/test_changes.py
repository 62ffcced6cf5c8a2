import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeysim.scenario.changes.assignments import apply_assignment, parse_assignment, set_path
from journeysim.scenario.changes.key_paths import format_path, parse_path

DOCUMENT = {
    "max_contacts": 10,
    "segments": {
        "regular": {
            "value": 120.0,
            "patience": "5m",
            "arrivals": {
                "from": "07:00",
                "every": "30m",
                "counts": [3.2, 5],
                "friday": [1.0, 0.5],
            },
        },
        "night": {"arrivals": {"rate": "20/min"}},
        "steady": {"arrivals": {"gaps": "5m"}},
    },
    "channels": {
        "phone": {
            "lines": 40,
            "resolution": 0.8,
            "opening": "07:00-24:00",
            "talk": {"distribution": "lognormal", "mean": "192s", "cv": 1.18},
            "after": {"abandoned": {"phone": 0.3}},
            "pools": ["a", {"pool": "b", "after": "60s"}],
            "balking": {"queue": [[5, 0.1]]},
        },
        "web": {"stuck": 0.25},
        "e.mail": {"resolution": 0.5},
    },
    "pools": {
        "day": {"agents": {"from": "08:00", "every": "12h", "counts": [15, 0], "friday": [1, 2]}},
        "all": {"agents": 5, "cost_per_hour": 30, "concurrency": {"chat": 3}},
    },
}


def changed(*assignments):
    document = DOCUMENT
    for text in assignments:
        document = apply_assignment(document, parse_assignment(text))
    return document


def at(document, path):
    for part in parse_path(path):
        document = document[part]
    return document


@pytest.mark.parametrize(
    ("assignment", "path", "value"),
    [
        ("pools.all.agents=18", "pools.all.agents", 18),
        ("pools.all.agents-=2", "pools.all.agents", 3),
        ("pools.all.agents.counts-=2", "pools.all.agents", 3),
        ("pools.all.agents.counts=18", "pools.all.agents", 18),
        ("pools.all.agents-=9", "pools.all.agents", 0),
        ("pools.all.agents*=1.1", "pools.all.agents", 6),
        ("pools.all.agents*=1.09", "pools.all.agents", 5),
        ("pools.all.agents = [1, 2]", "pools.all.agents", [1, 2]),
        ("pools.day.agents-=1", "pools.day.agents.counts", [14, 0]),
        ("pools.day.agents-=1", "pools.day.agents.friday", [0, 1]),
        ("pools.day.agents.counts*=1.1", "pools.day.agents.counts", [17, 0]),
        ("pools.day.agents.counts*=1.1", "pools.day.agents.friday", [1, 2]),
        ("pools.day.agents=[4, 5]", "pools.day.agents.counts", [4, 5]),
        ("pools.day.agents=[4, 5]", "pools.day.agents.from", "08:00"),
        ("pools.day.agents=7", "pools.day.agents", 7),
        ("pools.all.agents.friday=[0]", "pools.all.agents", {"counts": [5], "friday": [0]}),
        ("pools.all.cost_per_hour*=1.5", "pools.all.cost_per_hour", 45.0),
        ("pools.all.concurrency.chat*=1.2", "pools.all.concurrency.chat", 4),
        ("segments.regular.arrivals*=1.1", "segments.regular.arrivals.counts", [3.52, 5.5]),
        ("segments.regular.arrivals*=2", "segments.regular.arrivals.friday", [2.0, 1.0]),
        ("segments.regular.arrivals.counts+=1", "segments.regular.arrivals.counts", [4.2, 6]),
        ("segments.regular.arrivals=20/h", "segments.regular.arrivals", {"rate": "20/h"}),
        ("segments.night.arrivals*=1.1", "segments.night.arrivals.rate", "22/min"),
        ("segments.night.arrivals.rate+=60/h", "segments.night.arrivals.rate", "21/min"),
        ("segments.regular.patience*=1.1", "segments.regular.patience", "5m 30s"),
        ("segments.regular.patience+=10s", "segments.regular.patience", "5m 10s"),
        ("segments.regular.patience=3m", "segments.regular.patience", "3m"),
        ('segments.regular.patience="3m"', "segments.regular.patience", "3m"),
        ("segments.regular.value+=0.5", "segments.regular.value", 120.5),
        ("channels.phone.lines*=1.1", "channels.phone.lines", 44),
        ("channels.phone.lines*=1.01", "channels.phone.lines", 40),
        ("channels.phone.resolution-=0.1", "channels.phone.resolution", 0.7),
        ("channels.phone.talk.mean=3m", "channels.phone.talk.mean", "3m"),
        ("channels.phone.talk.mean-=12s", "channels.phone.talk.mean", "3m"),
        ("channels.phone.talk*=0.5", "channels.phone.talk.mean", "1m 36s"),
        ("channels.phone.talk*=0.5", "channels.phone.talk.cv", 1.18),
        ("channels.phone.opening.friday=[]", "channels.phone.opening.friday", []),
        ("channels.phone.opening.friday=[]", "channels.phone.opening.default", "07:00-24:00"),
        ("channels.phone.pools[1].after*=2", "channels.phone.pools[1].after", "2m"),
        ("channels.phone.pools.1.after=5s", "channels.phone.pools[1].after", "5s"),
        ("channels.phone.pools[-1]='c'", "channels.phone.pools[1]", "c"),
        ("channels.phone.balking.queue[0][1]*=2", "channels.phone.balking.queue[0][1]", 0.2),
        (
            "channels.phone.after.abandoned.phone.delay=1m",
            "channels.phone.after.abandoned.phone",
            {"share": 0.3, "delay": "1m"},
        ),
        ("channels.web.after.stuck.phone=0.5", "channels.web.after.stuck.phone", 0.5),
        ('channels."e.mail".resolution=0.6', 'channels."e.mail".resolution', 0.6),
        ("channels.'e.mail'.media = 'paid'", 'channels."e.mail".media', "paid"),
        ("pools.new={agents = 1, serves = ['phone']}", "pools.new.serves[0]", "phone"),
        ("pools.day.agents.from+=1h", "pools.day.agents.from", "09:00"),
        ("title=a=b", "title", "a=b"),
        ("time.starts_on=friday", "time.starts_on", "friday"),
        ("pools.all.breaks=[{ from = '12:00' }]", "pools.all.breaks[0].from", "12:00"),
        ("pools.day.agents.from=07:30:00", "pools.day.agents.from", "07:30:00"),
        ("max_contacts-=3", "max_contacts", 7),
    ],
)
def test_an_assignment_changes_what_it_names(assignment, path, value):
    before = copy.deepcopy(DOCUMENT)
    assert at(changed(assignment), path) == value
    assert before == DOCUMENT


@pytest.mark.parametrize("path", ["pools.all.agents", "channels.phone.lines", "max_contacts"])
def test_whole_numbers_stay_whole(path):
    assert type(at(changed(f"{path}*=1.1"), path)) is int


def test_a_wildcard_changes_every_entry_of_a_level():
    document = changed("pools.*.agents-=1", "segments.*.value=3")
    assert document["pools"]["day"]["agents"]["counts"] == [14, 0]
    assert document["pools"]["all"]["agents"] == 4
    assert [segment["value"] for segment in document["segments"].values()] == [3, 3, 3]


def test_a_wildcard_passes_by_entries_without_the_key():
    document = changed("channels.*.resolution*=0.5")
    assert document["channels"]["phone"]["resolution"] == 0.4
    assert document["channels"]["e.mail"]["resolution"] == 0.25
    assert document["channels"]["web"] == {"stuck": 0.25}


@pytest.mark.parametrize(
    ("assignment", "problem"),
    [
        ("pools.dya.agents-=1", "pools.dya: nothing is there; did you mean 'day'?"),
        ("pools.dya.agents=1", "pools.dya: nothing is there; did you mean 'day'?"),
        ("chanels.phone.lines-=1", "chanels: nothing is there; did you mean 'channels'?"),
        ("pools.*.agent-=1", "pools.*.agent: nothing is there; did you mean 'agents'?"),
        (
            "channels.phone.linse+=1",
            "channels.phone.linse: nothing is there; did you mean 'lines'?",
        ),
        (
            "channels.phone.pools[2]='c'",
            "channels.phone.pools[2]: there are 2 entries, counted from 0",
        ),
        (
            "channels.phone.pools.x='c'",
            "channels.phone.pools: is a list; name an entry by its number, e.g. [0]",
        ),
        (
            "segments.regular.patience.mean=3m",
            "segments.regular.patience: is '5m', so there is nothing in it",
        ),
        (
            "segments.regular.patience+=3",
            "segments.regular.patience: is the time '5m'; change it by a time such as '10s'",
        ),
        (
            "segments.regular.patience-=6m",
            "segments.regular.patience: is '5m'; it would become negative",
        ),
        (
            "segments.night.arrivals+=3",
            "segments.night.arrivals: is the rate '20/min'; change it by a rate such as '2/min'",
        ),
        (
            "segments.night.arrivals.rate-=21/min",
            "segments.night.arrivals.rate: is '20/min'; it would become negative",
        ),
        (
            "segments.steady.arrivals*=2",
            "segments.steady.arrivals: has gaps between arrivals; change a time of arrivals.gaps",
        ),
        (
            "channels.phone.talk+=3s",
            (
                "channels.phone.talk: is a distribution; only *= changes it "
                "as a whole, or name its mean"
            ),
        ),
        (
            "channels.phone.talk*=fast",
            "channels.phone.talk: can be multiplied by a number only, got 'fast'",
        ),
        (
            "channels.phone.opening+=1h",
            "channels.phone.opening: is '07:00-24:00', which is not a number, a duration or a rate",
        ),
        (
            "channels.phone.after*=2",
            "channels.phone.after: is a table; name a number, a duration or a rate in it",
        ),
        (
            "channels.phone.balking.queue*=2",
            "channels.phone.balking.queue: is a list of tables or lists; name the number in it",
        ),
        ("max_contacts+=1s", "max_contacts: is the number 10; '1s' is no number to change it by"),
        ("max_contacts", "'max_contacts' is not a change; write e.g. 'pools.phone.agents-=1'"),
        ("max_contacts=", "'max_contacts=' has no value; write e.g. 'pools.phone.agents-=1'"),
        ("=3", "'' is not a path; write e.g. 'pools.phone.agents'"),
        ("a..b=3", "'a..b' is not a path; write e.g. 'pools.phone.agents'"),
        ("a.b.=3", "'a.b.' is not a path; write e.g. 'pools.phone.agents'"),
        ("title='a", '"\'a" is not a value as TOML writes it'),
        ("pools.all.breaks=[1, 2", "'[1, 2' is not a value as TOML writes it"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(assignment, problem):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (the whole text is compared)
        changed(assignment)
    assert str(caught.value) == problem


def test_set_path_takes_python_values_and_leaves_the_document_alone():
    before = copy.deepcopy(DOCUMENT)
    document = set_path(DOCUMENT, "pools.all.agents", 18)
    assert document["pools"]["all"]["agents"] == 18
    assert before == DOCUMENT


def test_a_change_never_shares_its_value_between_places():
    document = changed("pools.*.breaks=[1]")
    document["pools"]["day"]["breaks"].append(2)
    assert document["pools"]["all"]["breaks"] == [1]


names = st.text(
    st.characters(codec="utf-8", exclude_characters="\"'", categories=("L", "N", "P", "Zs")),
    min_size=1,
)


@given(st.lists(names | st.integers(0, 9) | st.just(...), min_size=1))
def test_a_formatted_path_reads_back_as_itself(parts):
    path = ("start", *parts)
    assert parse_path(format_path(path)) == path
