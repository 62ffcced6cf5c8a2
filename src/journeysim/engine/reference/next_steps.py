"""What a customer does after a contact that met no need."""

from __future__ import annotations

from journeysim.engine.extension import Extension, Go
from journeysim.engine.random import draws
from journeysim.engine.reference.entities import Contact, PlannedStep
from journeysim.engine.reference.extension_views import Views
from journeysim.engine.reference.random_inputs import RandomInputs
from journeysim.engine.rules import TABLE_AFTER, choose, step_by_trace
from journeysim.jit import plain
from journeysim.scenario.flat.flat_model import GIVE_UP, LOST, FlatModel

_choose = plain(choose)
_step_by_trace = plain(step_by_trace)


class NextSteps:
    """The tables of next steps, the trace's word, and an extension's."""

    def __init__(
        self, model: FlatModel, views: Views, inputs: RandomInputs, extension: Extension | None
    ) -> None:
        self.views = views
        self.inputs = inputs
        self.extension = extension
        self.after = model.after.tolist()
        self.first = model.after_first.tolist()
        self.last = model.after_last.tolist()
        self.share = model.step_share.tolist()
        self.to = model.step_to.tolist()
        self.delay = model.step_delay.tolist()
        self.transfer = model.step_transfer.tolist()
        self.handling = model.step_handling.tolist()
        self.patience = model.step_patience.tolist()

    def step(self, contact: Contact) -> PlannedStep:
        """Return where the customer goes after this contact."""
        planned = self._planned(contact)
        if self.extension is None:
            return planned
        names = self.views.names.channels
        words = {GIVE_UP: "give_up", LOST: "lost"} | dict(enumerate(names))
        offered = Go(words[planned.to], planned.delay, planned.transfer)
        chosen = self.extension.next_step(self.views.contact(contact), offered)
        if chosen == offered:
            return planned
        codes = {word: code for code, word in words.items()}
        if chosen.to not in codes or chosen.delay < 0:
            raise ValueError(f"next_step() returned {chosen!r}, which leads nowhere")
        return PlannedStep(codes[chosen.to], chosen.delay, chosen.transfer)

    def _planned(self, contact: Contact) -> PlannedStep:
        journey = contact.journey
        row = self._row(contact)
        traced, delay = self.inputs.traced_next(contact)
        if traced != -1:
            return PlannedStep(_step_by_trace(traced), max(delay, 0))
        if row < 0:
            return PlannedStep(GIVE_UP)
        to = self.to[row]
        if to < 0:
            return PlannedStep(to)
        if delay < 0:
            code = self.delay[row]
            delay = self.inputs.duration(code, journey.customer, contact.number, draws.DELAY)
        transfer = bool(self.transfer[row])
        return PlannedStep(to, delay, transfer, self.handling[row], self.patience[row])

    def _row(self, contact: Contact) -> int:
        """Return the row of the step that this contact's draw chooses; -1 to give up."""
        journey = contact.journey
        outcome = TABLE_AFTER[contact.outcome]
        table = self.after[journey.segment][contact.channel][outcome][journey.need]
        if table < 0:
            return -1
        first, last = self.first[table], self.last[table]
        u = self.inputs.uniform(journey.customer, contact.number, draws.NEXT_STEP)
        row = _choose(self.share, first, last, u)
        return row if row < last else -1
