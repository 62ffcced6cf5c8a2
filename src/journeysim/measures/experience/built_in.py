"""The built-in measures of journeys: what each is, what it needs, and what it rests on."""

from __future__ import annotations

from journeysim.measures.catalogue_entry import PLAIN, Better, CatalogueEntry
from journeysim.measures.experience.journey_measure import JourneyMeasure, JourneyUnit
from journeysim.measures.experience.measure_weights import (
    ANGER_WEIGHTS,
    CHURN_WEIGHTS,
    EFFORT_WEIGHTS,
    MEMORY_WEIGHTS,
    PERCEIVED_WEIGHTS,
    RECOMMEND_WEIGHTS,
    VALENCE_WEIGHTS,
)
from journeysim.measures.experience.web_measures import WEB

_ROWS = ("channel", "outcome")


def _measure(
    name: str,
    unit: JourneyUnit,
    meaning: str,
    formula: str,
    needs: tuple[str, ...],
    weights: tuple[str, ...] = (),
    *,
    entry: CatalogueEntry = PLAIN,
) -> JourneyMeasure:
    return JourneyMeasure(
        name=name,
        unit=unit,
        meaning=meaning,
        formula=formula,
        needs=needs,
        weights=weights,
        entry=entry,
    )


_MORE, _LESS = CatalogueEntry(better="more"), CatalogueEntry(better="less")


def _shown(better: Better, place: int) -> CatalogueEntry:
    return CatalogueEntry(better=better, tables={"journey_scores": place})


_TIMED = (*_ROWS, "wait")

FUSED = (
    _measure(
        "contacts",
        "count",
        "Contacts made.",
        "rows of the journey",
        (),
        entry=_shown("less", 10),
    ),
    _measure(
        "switches",
        "count",
        "Changes of channel.",
        "contacts in another channel than the one before",
        ("channel",),
        entry=_LESS,
    ),
    _measure(
        "retries",
        "count",
        "Returns to a channel that did not serve.",
        "contacts in the same channel after one abandoned, balked, blocked, closed or stuck",
        _ROWS,
        entry=_LESS,
    ),
    _measure(
        "total_wait",
        "s",
        "Time in queue.",
        "sum of waits",
        ("wait",),
        entry=_LESS,
    ),
    _measure(
        "perceived_wait",
        "s",
        "What the time in line felt like; deferred channels have no line.",
        "sum of k w^beta, w in minutes; k = 1 where announced",
        ("channel", "wait"),
        PERCEIVED_WEIGHTS,
        entry=_shown("less", 20),
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
        MEMORY_WEIGHTS,
        entry=_shown("more", 40),
    ),
    _measure(
        "mean_valence",
        "score",
        "Mean valence of the contacts, weighted by how long they took.",
        "sum v d / sum d, d = wait + handling",
        (*_TIMED, "handling"),
        VALENCE_WEIGHTS,
        entry=_MORE,
    ),
    _measure(
        "lowest_valence",
        "score",
        "Valence of the worst contact.",
        "min v",
        _TIMED,
        VALENCE_WEIGHTS,
        entry=_MORE,
    ),
    _measure(
        "valence_trend",
        "score",
        "Whether it got better or worse, per contact.",
        "slope of least squares of v over contacts; none for a single contact",
        _TIMED,
        VALENCE_WEIGHTS,
        entry=_MORE,
    ),
    _measure(
        "effort",
        "score",
        "Effort of the customer, without bound.",
        "repeats, switches, transfers, telling again and perceived minutes in line, weighted",
        _TIMED,
        EFFORT_WEIGHTS,
        entry=_LESS,
    ),
    _measure(
        "customer_effort",
        "score",
        "Customer effort score of 2010: 1 very low to 5 very high.",
        "1 + 4 (1 - exp(-effort / scale))",
        _TIMED,
        (*EFFORT_WEIGHTS, "effort.scale"),
        entry=_shown("less", 30),
    ),
    _measure(
        "ease",
        "score",
        "Customer effort score 2.0, 'made it easy': 1 to 7.",
        "7 - 6 (1 - exp(-effort / scale))",
        _TIMED,
        (*EFFORT_WEIGHTS, "effort.scale"),
        entry=_MORE,
    ),
    _measure(
        "satisfaction",
        "score",
        "Satisfaction (CSAT), 1 to 5.",
        "3 + 2 (weighted mean of peak-end, need met or not, and ease), within 1 to 5",
        _TIMED,
        (
            *MEMORY_WEIGHTS,
            *EFFORT_WEIGHTS[2:],
            "effort.scale",
            "satisfaction.emotion",
            "satisfaction.outcome",
            "satisfaction.effort",
        ),
        entry=_shown("more", 50),
    ),
    _measure(
        "likelihood_to_recommend",
        "score",
        "Expected answer to whether one would recommend, 0 to 10.",
        "mean of clip(round(base + slope peak_end + noise), 0, 10)",
        _TIMED,
        RECOMMEND_WEIGHTS,
        entry=_MORE,
    ),
    _measure(
        "promoter",
        "share",
        "Probability of an answer of 9 or 10.",
        "P(base + slope peak_end + noise >= 8.5)",
        _TIMED,
        RECOMMEND_WEIGHTS,
        entry=_MORE,
    ),
    _measure(
        "detractor",
        "share",
        "Probability of an answer of 0 to 6.",
        "P(base + slope peak_end + noise < 6.5)",
        _TIMED,
        RECOMMEND_WEIGHTS,
        entry=_LESS,
    ),
    _measure(
        "anger",
        "score",
        "Anger at the end, carried from contact to contact: 0 to 1.",
        "a exp(-t / tau) + wait, hop, telling again, unresolved - warmth, within 0 to 1",
        (*_TIMED, "entered"),
        ANGER_WEIGHTS,
        entry=_LESS,
    ),
    _measure(
        "lost_for_good",
        "share",
        "Probability that anger ends the relation for good.",
        "logistic(base + slope anger)",
        (*_TIMED, "entered"),
        (*ANGER_WEIGHTS, "lost.base", "lost.anger"),
        entry=_LESS,
    ),
    _measure(
        "churn_probability",
        "share",
        "Probability of leaving within a quarter.",
        "logistic(base - experience peak_end + effort + abandoned + unresolved)",
        _TIMED,
        CHURN_WEIGHTS,
        entry=_shown("less", 70),
    ),
    _measure(
        "cost_to_serve",
        "currency",
        "Cost of the contacts.",
        "cost per contact by channel + handling x cost per hour by pool",
        ("channel", "handling"),
        ("cost.live", "cost.self_service"),
        entry=_shown("less", 80),
    ),
    _measure(
        "value_at_risk",
        "currency",
        "Lifetime value times the probability of losing it.",
        "churn probability x value x r / (1 + d - r)",
        (*_TIMED, "journey.value"),
        (*CHURN_WEIGHTS, "value.discount", "value.retention"),
        entry=_shown("less", 90),
    ),
)

BUILT_IN = (*FUSED, *WEB)
