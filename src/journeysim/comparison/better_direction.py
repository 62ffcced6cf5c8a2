"""Which way a measure is better, for those who are served and who pay."""

from __future__ import annotations

from typing import Final, Literal

Better = Literal["more", "less"]

_MORE: Final = (
    "service_level",
    "service_level_answered",
    "service_level_offered",
    "service_level_excluding_early",
    "service_level_crediting_early",
    "service_level_short_abandons",
    "service_level_of_all_offered",
    "service_level_mean_of_replications",
    "attainment",
    "answered_within_target",
    "answered_within_staffed_hours",
    "resolved_in_self_service",
    "resolved_at_contact",
    "resolved",
    "journeys_resolved",
    "first_contact_resolution",
    "resolved_at_first_contact",
)
_LESS: Final = (
    "abandoned",
    "abandonment",
    "balked",
    "balking",
    "blocked",
    "blocking",
    "closed",
    "stuck",
    "retries",
    "recontacts",
    "chases",
    "speed_of_answer",
    "mean_wait",
    "excess_wait",
    "share_queued",
    "wait_p50",
    "wait_p90",
    "wait_p99",
    "backlog_open",
    "backlog_age",
    "given_up",
    "journeys_given_up",
    "lost",
    "journeys_lost",
    "exhausted",
    "journeys_exhausted",
    "recontact_rate",
    "contacts_per_journey",
    "switches_per_journey",
    "time_to_resolution",
    "journey_wait",
    "value_lost",
    "cost_total",
    "cost_per_resolved",
    "agent_cost",
)
_BETTER: Final[dict[str, Better]] = {
    **dict.fromkeys(_MORE, "more"),
    **dict.fromkeys(_LESS, "less"),
}


def better(measure: str) -> Better | None:
    """Return whether more or less of a measure is better; None where neither can be said.

    More contacts offered, or busier agents, are good news for one and bad news for another.
    """
    return _BETTER.get(measure)
