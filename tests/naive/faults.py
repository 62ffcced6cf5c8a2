"""Planted faults: each is a small misreading of the rules, which the tests must notice.

A fault is a text of the naive engine and what stands in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

FAULTS: dict[str, tuple[str, str, str]] = {
    # Order of events.
    "abandonment before the freed agent": (
        "engine",
        "CHANGE, END, ENTRY, TIMER, ABANDONMENT = range(5)",
        "CHANGE, END, ENTRY, TIMER, ABANDONMENT = 1, 2, 3, 4, 0",
    ),
    "agent takes one more at the end of the shift": (
        "engine",
        "CHANGE, END, ENTRY, TIMER, ABANDONMENT = range(5)",
        "CHANGE, END, ENTRY, TIMER, ABANDONMENT = 1, 0, 2, 3, 4",
    ),
    "arrivals before ends": (
        "engine",
        "CHANGE, END, ENTRY, TIMER, ABANDONMENT = range(5)",
        "CHANGE, END, ENTRY, TIMER, ABANDONMENT = 0, 2, 1, 3, 4",
    ),
    "overflow after abandonment": (
        "engine",
        "CHANGE, END, ENTRY, TIMER, ABANDONMENT = range(5)",
        "CHANGE, END, ENTRY, TIMER, ABANDONMENT = 0, 1, 2, 4, 3",
    ),
    "overflow before arrivals": (
        "engine",
        "CHANGE, END, ENTRY, TIMER, ABANDONMENT = range(5)",
        "CHANGE, END, ENTRY, TIMER, ABANDONMENT = 0, 1, 3, 2, 4",
    ),
    "events of a tick in the order of making": (
        "engine",
        "key=lambda event: event[:6]",
        "key=lambda event: event[:2]",
    ),
    "the world's end is exclusive": (
        "engine",
        "self.events[0][0] > model.end",
        "self.events[0][0] >= model.end",
    ),
    # Entering.
    "lines count waiting only": (
        "engine",
        "sum(one.open for one in",
        "sum(one.outcome == ContactOutcome.WAITING for one in",
    ),
    "one line too many": ("engine", "0 <= model.lines[channel] <= lines", "0 <= model.lines[channel] < lines"),
    "blocked before closed": (
        "engine",
        "        if not self.is_open[channel]:\n            self.end(contact, ContactOutcome.CLOSED)\n"
        "        elif 0 <= model.lines[channel] <= lines:\n"
        "            self.end(contact, ContactOutcome.BLOCKED)",
        "        if 0 <= model.lines[channel] <= lines:\n"
        "            self.end(contact, ContactOutcome.BLOCKED)\n"
        "        elif not self.is_open[channel]:\n            self.end(contact, ContactOutcome.CLOSED)",
    ),
    "last pool with a free place": ("engine", "self.start(contact, pools[0])", "self.start(contact, pools[-1])"),
    "balking in spite of a free place": (
        "engine",
        "            if pools:\n                self.start(contact, pools[0])\n"
        "            elif self.balks(contact):\n                self.end(contact, ContactOutcome.BALKED)",
        "            if self.balks(contact):\n                self.end(contact, ContactOutcome.BALKED)\n"
        "            elif pools:\n                self.start(contact, pools[0])",
    ),
    "announcement counts agents, not places": (
        "engine",
        "self.agents[pool] * int(model.units[pool]) // int(model.share[pool, channel])",
        "self.agents[pool]",
    ),
    "announcement counts free places": (
        "engine",
        "self.agents[pool] * int(model.units[pool]) // int",
        "(self.agents[pool] * int(model.units[pool]) - self.busy[pool]) // int",
    ),
    "closing sends nobody away": ("engine", "if not is_open and self.model.send_away[channel]:", "if False:"),
    "closing sends everybody away": (
        "engine",
        "if not is_open and self.model.send_away[channel]:",
        "if not is_open:",
    ),
    # Waiting.
    "patience and one tick": ("engine", "self.now + patience, ABANDONMENT", "self.now + patience + 1, ABANDONMENT"),
    "a deferred contact loses patience": (
        "engine",
        "                self.at(self.now + silence, TIMER, who, self.no_pool, self.chase, contact)\n            return",
        "                self.at(self.now + silence, TIMER, who, self.no_pool, self.chase, contact)",
    ),
    "a ghost in the queue": (
        "engine",
        "self.leave_queue(contact, ContactOutcome.ABANDONED)",
        "self.leave_queue(contact, ContactOutcome.ABANDONED)\n            contact.outcome = ContactOutcome.WAITING",
    ),
    "overflow strictly after the delay": ("engine", "queued >= dict(", "queued > dict("),
    "no overflow timer": ("engine", "if after > 0 and", "if after > 10**15 and"),
    "head start counts for overflow": (
        "engine",
        "queued = self.now - contact.entered\n",
        "queued = self.now - contact.entered\n"
        "        queued += model.head_start[contact.journey.segment, channel]\n",
    ),
    "no head start": (
        "engine",
        "self.now - contact.entered + model.head_start[journey.segment, channel]",
        "self.now - contact.entered",
    ),
    "lower priority first": ("engine", "return (-priority, -queued,", "return (priority, -queued,"),
    "last come, first served": ("engine", "return (-priority, -queued,", "return (-priority, queued,"),
    "wait before priority": ("engine", "return (-priority, -queued,", "return (-queued, -priority,"),
    "ties to the later customer": (
        "engine",
        "-queued, journey.customer, contact.number)",
        "-queued, -journey.customer, contact.number)",
    ),
    "pools have no preference": (
        "engine",
        "return (self.model.level[pool, one.channel, one.journey.need], *self.place(one))",
        "return self.place(one)",
    ),
    "a pool serves every need": (
        "engine",
        "if model.level[pool, channel, contact.journey.need] < 0:",
        "if max(model.level[pool, channel]) < 0:",
    ),
    "a freed place takes one at most": (
        "engine",
        "            self.start(min(allowed, key=merit), pool)",
        "            self.start(min(allowed, key=merit), pool)\n            return",
    ),
    # Agents.
    "a rise in staff pulls nobody": (
        "engine",
        "        self.agents[pool] = agents\n        self.fill(pool)",
        "        self.agents[pool] = agents",
    ),
    "excess agents go on taking contacts": (
        "engine",
        "self.agents[pool] = agents\n",
        "self.agents[pool] = max(agents, self.agents[pool])\n",
    ),
    "a contact takes a whole agent": (
        "engine",
        "free >= model.share[pool, channel]",
        "free >= model.units[pool]",
    ),
    "one unit is always enough": ("engine", "free >= model.share[pool, channel]", "free >= 1"),
    "the place is free after the talk": (
        "engine",
        "tick = self.now + contact.wrap_up",
        "tick = self.now",
    ),
    "the place is never free again": (
        "engine",
        "        self.fill(contact.pool)\n",
        "",
    ),
    # Journeys.
    "siblings wait on": (
        "engine",
        "                if sibling.outcome == ContactOutcome.WAITING:",
        "                if sibling.outcome == -2:",
    ),
    "siblings in service are broken off": (
        "engine",
        "                if sibling.outcome == ContactOutcome.WAITING:",
        "                if sibling.open:",
    ),
    "a chase cannot be outrun": (
        "engine",
        "            self.end_journey(journey)\n            return\n",
        "            pass\n",
    ),
    "who chases leaves the backlog": (
        "engine",
        "            self.go(journey, 0, channel, Cause.CHASE, 1.0, 1.0)",
        "            contact.outcome = ContactOutcome.SUPERSEDED\n"
        "            self.go(journey, 0, channel, Cause.CHASE, 1.0, 1.0)",
    ),
    "the cap does not hold for chasing": (
        "engine",
        "if channel < shares.size and made < self.model.max_contacts:",
        "if channel < shares.size:",
    ),
    "a next step in spite of a sibling": (
        "engine",
        "if goes_on and not contact.resolved and not journey.busy:",
        "if goes_on and not contact.resolved:",
    ),
    "one contact above the cap": (
        "engine",
        "len(journey.contacts) >= self.model.max_contacts",
        "len(journey.contacts) > self.model.max_contacts",
    ),
    "transferred at the cap": (
        "engine",
        "        if to < 0 or len(",
        "        if transfer:\n            contact.outcome = ContactOutcome.TRANSFERRED\n        if to < 0 or len(",
    ),
    "being stuck counts as served": (
        "engine",
        "{ContactOutcome.SERVED_UNRESOLVED, ContactOutcome.CONTAINED}",
        "{ContactOutcome.SERVED_UNRESOLVED, ContactOutcome.CONTAINED, ContactOutcome.STUCK}",
    ),
    "a step without delay is taken inline": (
        "engine",
        "        self.at(self.now + delay, ENTRY, who, self.no_pool, self.enter, journey, *what)",
        "        if delay == 0:\n            self.enter(journey, *what)\n            return\n"
        "        self.at(self.now + delay, ENTRY, who, self.no_pool, self.enter, journey, *what)",
    ),
    "who resolves frees the place before siblings go": (
        "engine",
        "        contact.outcome, contact.ended = outcome, self.now\n",
        "        contact.outcome, contact.ended = outcome, self.now\n"
        "        if contact.wrap_up == 0:\n            self.release(contact)\n            contact.wrap_up = -1\n",
    ),
    # Luck.
    "patience is redrawn under the rule same": ("luck", "number = 0 if rule ==", "number = 0 if -1 =="),
    "patience is never redrawn": ("luck", "number = 0 if rule == flat.SAME_PATIENCE else contact.number", "number = 0"),
    "the budget is never used up": ("luck", "budget - sum(one.wait for one in journey.contacts)", "budget"),
    "no budget": ("luck", "if rule == flat.BUDGET_PATIENCE:", "if False:"),
    "no factor of patience": ("luck", "scaled(patience, contact.patience_factor)", "patience"),
    "no factor of talk": ("luck", "scaled(drawn, contact.handling_factor)", "drawn"),
    "the trace's patience is forgotten": (
        "luck",
        "        if patience is not None:\n            return patience\n",
        "",
    ),
    "the trace's resolution is forgotten": (
        "luck",
        "        if given is not None:\n            return given\n        if self.given(",
        "        if self.given(",
    ),
    "traced customers are told apart by place, not by row": (
        "luck",
        "yield int(model.trace.arrival[row]), int(customer), segment, row",
        "yield int(model.trace.arrival[row]), row, segment, row",
    ),
    "stuck in spite of the trace": ("luck", "return bool(u < share) and not resolved", "return bool(u < share)"),
    "arrivals past the horizon": ("luck", "ticks[ticks < model.horizon]", "ticks"),
    "every day is day 0": ("luck", "weekday = (model.weekday + day) % 7", "weekday = model.weekday"),
    # Next steps.
    "abandoning counts as balking": (
        "after",
        "ContactOutcome.ABANDONED: flat.AFTER_ABANDONED",
        "ContactOutcome.ABANDONED: flat.AFTER_BALKED",
    ),
    "no delay before the next contact": (
        "after",
        "delay = luck.draw(model.step_delay[row], journey.customer, number, draws.DELAY)",
        "delay = 0",
    ),
    "the trace's delay is forgotten": ("after", 'luck.given("delay", journey, number)', "None"),
    "the trace's next step is forgotten": ("after", 'luck.given("next", journey, number)', "None"),
    "who gives up is lost": ("after", "        return flat.GIVE_UP, 0", "        return flat.LOST, 0"),
}  # fmt: skip


def run_with_fault(name: str) -> Callable[..., Any]:
    """Return `run_naively` of an engine with this fault."""
    place, sound, faulty = FAULTS[name]
    spaces: dict[str, dict[str, Any]] = {}
    for module in ("luck", "after", "engine"):
        text = Path(__file__).with_name(f"{module}.py").read_text(encoding="utf-8")
        if module == place:
            assert sound in text, f"the fault {name!r} no longer has its place"
            text = text.replace(sound, faulty)
        space: dict[str, Any] = {"__name__": f"tests.naive.{module}_with_fault"}
        exec(compile(text, f"{module} with: {name}", "exec"), space)
        spaces[module] = space
    spaces["engine"]["Luck"] = spaces["luck"]["Luck"]
    spaces["engine"]["next_step"] = spaces["after"]["next_step"]
    return spaces["engine"]["run_naively"]
