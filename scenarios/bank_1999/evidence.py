"""What each figure of the scenario rests on."""

from __future__ import annotations

import json

from scenarios.bank_1999.centre import Centre
from scenarios.bank_1999.log import SEGMENTS

LOG = "log of both months; "


def entry(path: str, source: str, grade: str, **more: object) -> str:
    """Return one line of the evidence table."""
    extra = "".join(f", {key} = {json.dumps(value)}" for key, value in more.items())
    return f'"{path}" = {{ source = {json.dumps(source)}, grade = "{grade}"{extra} }}'


def seconds_range(low: float, high: float) -> list[str]:
    """Return a range of durations."""
    return [f"{low:.0f}s", f"{high:.0f}s"]


def measured_evidence(centre: Centre) -> list[str]:
    """Return the evidence of everything that was counted in the log."""
    days, lines = len(centre.days), []
    for segment in SEGMENTS:
        total, patience = centre.demand[segment].total, centre.patience[segment]
        source = LOG + "measured calls less retries and recontacts"
        limits = [round(total.low, 1), round(total.high, 1)]
        path = f"segments.{segment}.arrivals.counts"
        lines.append(entry(path, source, "measured", n=days, range=limits))
        source = LOG + "Kaplan-Meier over the queued, exponential tail; the range is of the mean"
        limits = seconds_range(patience.low, patience.high)
        path = f"segments.{segment}.patience"
        lines.append(entry(path, source, "measured", n=patience.queued, range=limits))
    for need, handling in centre.handling.items():
        source = LOG + "service_s of the served; the range is of the mean"
        limits = seconds_range(handling.talk.low, handling.talk.high)
        path = f"needs.{need}.channels.phone.talk"
        lines.append(entry(path, source, "measured", n=handling.served, range=limits))
    factors = ("day_factor.cv", "interval_factor.cv", "interval_factor.correlation")
    for name, limits in zip(factors, centre.variation_ranges, strict=True):
        limits = [round(float(limit), 3) for limit in limits]
        source = LOG + "covariances of half-hour fresh counts, Poisson part removed"
        lines.append(entry(f"demand.{name}", source, "measured", n=days, range=limits))
    for outcome, back in (("abandoned", centre.retry), ("unresolved", centre.recontact)):
        path, source = f"channels.phone.after.{outcome}.phone", LOG + "identified customers only"
        limits = [round(back.share.low, 3), round(back.share.high, 3)]
        lines.append(entry(f"{path}.share", source, "measured", n=back.calls, range=limits))
        lines.append(entry(f"{path}.delay", source, "measured", n=back.calls))
    source = LOG + "first to last call, split at pauses over 15 minutes, rounded half up"
    return [*lines, entry("pools.regular.agents", source, "measured", n=days)]


def other_evidence(centre: Centre) -> list[str]:
    """Return the evidence of what was published, agreed or assumed."""
    short = "not recorded; a service of 10 s or less is taken as unmet, any other as met"
    lines = [
        entry(f"needs.{need}.channels.phone.resolution", short, "assumption", n=handling.served)
        for need, handling in centre.handling.items()
    ]
    source = "head start of privileged customers as described with the log"
    lines.append(entry("segments.privileged.head_start", source, "published"))
    source = "as for privileged customers, who are 84 % of those who queue for it"
    lines.append(entry("segments.stock_exchange.head_start", source, "assumption"))
    lines.append(entry("channels.phone.wrap_up", "not recorded", "assumption"))
    source = "hours of Sunday to Thursday as described with the log"
    lines.append(entry("channels.phone.opening", source, "published"))
    source = "someone stays to serve who waits at closing"
    lines.append(entry("pools.closing.agents", source, "assumption"))
    lines.append(entry("measures.threshold", "80 % in 20 s, as is usual", "convention"))
    return lines
