"""The built-in measures of journeys: what each is, what it needs, and what it rests on."""

from __future__ import annotations

from journeysim.measures.experience.journey_measure import JourneyMeasure, JourneyUnit
from journeysim.measures.experience.web_measures import WEB

_ROWS = ("channel", "outcome")
_PERCEIVED = ("wait.k", "wait.beta")
#: What the valence of a contact rests on.
VALENCE_WEIGHTS = (
    *_PERCEIVED,
    "wait.accept",
    "wait.accept_chat",
    "wait.accept_deferred",
    "wait.slope",
    "wait.early_slope",
    "wait.early_cap",
    "wait.announced_slope",
    "outcome.met",
    "outcome.open",
    "outcome.unmet",
    "outcome.failed",
    "valence.loss_aversion",
    "valence.curvature",
    "valence.adaptation",
    "valence.expectation",
    "valence.resolution",
    "valence.speed",
    "valence.warmth",
    "valence.stakes",
    "warmth.human",
    "warmth.machine",
)
_MEMORY = (*VALENCE_WEIGHTS, "memory.peak", "memory.end")
_EFFORT = (
    *_PERCEIVED,
    "effort.repeat",
    "effort.switch",
    "effort.transfer",
    "effort.repeat_story",
    "effort.wait",
)
_CHURN = (
    *_MEMORY,
    *_EFFORT[2:],
    "churn.base",
    "churn.experience",
    "churn.effort",
    "churn.abandoned",
    "churn.unresolved",
)
_ANGER = (
    *_PERCEIVED,
    "wait.accept",
    "wait.accept_chat",
    "wait.accept_deferred",
    "warmth.human",
    "warmth.machine",
    "anger.tau",
    "anger.wait",
    "anger.hop",
    "anger.repeat_story",
    "anger.unresolved",
    "anger.warmth",
)
_RECOMMEND = (*_MEMORY, "recommend.base", "recommend.slope", "recommend.spread")


def _measure(
    name: str,
    unit: JourneyUnit,
    meaning: str,
    formula: str,
    needs: tuple[str, ...],
    weights: tuple[str, ...] = (),
) -> JourneyMeasure:
    return JourneyMeasure(
        name=name, unit=unit, meaning=meaning, formula=formula, needs=needs, weights=weights
    )


_TIMED = (*_ROWS, "wait")

FUSED = (
    _measure("contacts", "count", "Contacts made.", "rows of the journey", ()),
    _measure(
        "switches",
        "count",
        "Changes of channel.",
        "contacts in another channel than the one before",
        ("channel",),
    ),
    _measure(
        "retries",
        "count",
        "Returns to a channel that did not serve.",
        "contacts in the same channel after one abandoned, balked, blocked, closed or stuck",
        _ROWS,
    ),
    _measure("total_wait", "s", "Time in queue.", "sum of waits", ("wait",)),
    _measure(
        "perceived_wait",
        "s",
        "What the time in line felt like; deferred channels have no line.",
        "sum of k w^beta, w in minutes; k = 1 where announced",
        ("channel", "wait"),
        _PERCEIVED,
    ),
    _measure(
        "total_handling",
        "s",
        "Talk and wrap-up by agents.",
        "sum of talk and wrap-up where agents serve",
        ("channel", "handling"),
    ),
    _measure(
        "peak_end",
        "score",
        "The experience as remembered: strongest and last moment.",
        "w_p v of largest |v| + w_e v of the last contact",
        _TIMED,
        _MEMORY,
    ),
    _measure(
        "mean_valence",
        "score",
        "Mean valence of the contacts, weighted by how long they took.",
        "sum v d / sum d, d = wait + handling",
        (*_TIMED, "handling"),
        VALENCE_WEIGHTS,
    ),
    _measure(
        "lowest_valence", "score", "Valence of the worst contact.", "min v", _TIMED, VALENCE_WEIGHTS
    ),
    _measure(
        "valence_trend",
        "score",
        "Whether it got better or worse, per contact.",
        "slope of least squares of v over contacts; none for a single contact",
        _TIMED,
        VALENCE_WEIGHTS,
    ),
    _measure(
        "effort",
        "score",
        "Effort of the customer, without bound.",
        "repeats, switches, transfers, telling again and perceived minutes in line, weighted",
        _TIMED,
        _EFFORT,
    ),
    _measure(
        "customer_effort",
        "score",
        "Customer effort score of 2010: 1 very low to 5 very high.",
        "1 + 4 (1 - exp(-effort / scale))",
        _TIMED,
        (*_EFFORT, "effort.scale"),
    ),
    _measure(
        "ease",
        "score",
        "Customer effort score 2.0, 'made it easy': 1 to 7.",
        "7 - 6 (1 - exp(-effort / scale))",
        _TIMED,
        (*_EFFORT, "effort.scale"),
    ),
    _measure(
        "satisfaction",
        "score",
        "Satisfaction (CSAT), 1 to 5.",
        "3 + 2 (weighted mean of peak-end, need met or not, and ease), within 1 to 5",
        _TIMED,
        (
            *_MEMORY,
            *_EFFORT[2:],
            "effort.scale",
            "satisfaction.emotion",
            "satisfaction.outcome",
            "satisfaction.effort",
        ),
    ),
    _measure(
        "likelihood_to_recommend",
        "score",
        "Expected answer to whether one would recommend, 0 to 10.",
        "mean of clip(round(base + slope peak_end + noise), 0, 10)",
        _TIMED,
        _RECOMMEND,
    ),
    _measure(
        "promoter",
        "share",
        "Probability of an answer of 9 or 10.",
        "P(base + slope peak_end + noise >= 8.5)",
        _TIMED,
        _RECOMMEND,
    ),
    _measure(
        "detractor",
        "share",
        "Probability of an answer of 0 to 6.",
        "P(base + slope peak_end + noise < 6.5)",
        _TIMED,
        _RECOMMEND,
    ),
    _measure(
        "anger",
        "score",
        "Anger at the end, carried from contact to contact: 0 to 1.",
        "a exp(-t / tau) + wait, hop, telling again, unresolved - warmth, within 0 to 1",
        (*_TIMED, "entered"),
        _ANGER,
    ),
    _measure(
        "lost_for_good",
        "share",
        "Probability that anger ends the relation for good.",
        "logistic(base + slope anger)",
        (*_TIMED, "entered"),
        (*_ANGER, "lost.base", "lost.anger"),
    ),
    _measure(
        "churn_probability",
        "share",
        "Probability of leaving within a quarter.",
        "logistic(base - experience peak_end + effort + abandoned + unresolved)",
        _TIMED,
        _CHURN,
    ),
    _measure(
        "cost_to_serve",
        "currency",
        "Cost of the contacts.",
        "cost per contact by channel + handling x cost per hour by pool",
        ("channel", "handling"),
        ("cost.live", "cost.self_service"),
    ),
    _measure(
        "value_at_risk",
        "currency",
        "Lifetime value times the probability of losing it.",
        "churn probability x value x r / (1 + d - r)",
        (*_TIMED, "journey.value"),
        (*_CHURN, "value.discount", "value.retention"),
    ),
)

BUILT_IN = (*FUSED, *WEB)
