"""Prints docs/moderation.md from the table that the code keeps to."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core.enums import Actor, State
from core.moderation import Edge, every_step

INTRODUCTION = """\
# Moderation: every step there is

Printed by `manage.py print_transitions`; a test compares this page with the table in `core/moderation.py`.

Whatever is moderated (a question, an answer, a doctor's profile, an edit of any of these, a second opinion, what is
asked back of an asker and what is said to it, a claim to a profile, a portrait, a case with its pictures, an entry of a
review, the reply to one, a proof of a visit) changes its state through `core.moderation.transition` and no other way. A
pair of states that is not listed is refused.

| From | To | Step | Who may take it | Reason needed |
|---|---|---|---|---|
"""
RULES = """
- What was sent back is reopened by a moderator who takes that back; its author sends it again by editing it.
- Authors act on what is theirs; moderators on what is not. Nobody decides on what they wrote, nor on what they are a
  party to: a reply to what they asked, a question asked of them, a second opinion on their answer.
- A decision names the version it was made about. If the author changed the text meanwhile, nothing happens.
- Two moderators on one item: the first decides, the second is told who did.
- What a moderator has just published they can take back for ten minutes, and only through the undo of a decision
  about several things at once: what nobody has touched since goes back to the queue, and its version is taken out
  of the history. What was rejected with others is reopened in the same way.
- A moderator may change a text and publish it so: the author's text and the published one are both kept, the
  author is told what was changed and why, as other moderators are, and nobody does this to what they wrote.
- A claim says who has something open, for 15 minutes at a time. It forbids nothing: decisions are settled by the
  rules above alone.
- A moderator who enters a profile for a doctor also submits it, and so stands in for the author: somebody
  else publishes it. Whoever edited the profile last is the one who stands in.
- A report of something public is no text to publish: one decision, upheld or dismissed with a reason, closes all open
  reports on one thing, and changes nothing about the thing itself. Nobody decides on what they reported, wrote
  or are a party to.
- What is asked back is published under a public question only; what was said to it is read while that is public.
  Whoever would rather not say has a withdrawn reply without a word, which stands in no queue and no list.
- A case is sent and published only while a consent that holds today covers what it shows, with each view before and
  after, and after a moderator has looked, one by one, for what could tell who it is. The person in the pictures takes
  the consent back by a link of their own: then pictures and words are deleted at once, the case takes no step any
  more, and its address says that it is gone. Cases of practices in Germany are not shown.
- A portrait replaces the one before, whose picture is deleted in the same step. What its doctor takes down is deleted
  at once and takes no step any more; what was rejected or removed is deleted when nobody can appeal any more.
- Whoever reports “This is a picture of me” is heard first; the report hides nothing by itself.
- A review has entries over time and is public while one of them is; a published entry is rewritten by nobody, and
  corrected by a later one. No reason on the list means that a review is negative. Readers see the one reply to a review
  while they see the review. The file that proves a visit is deleted as soon as it is decided.
- A suspended account may withdraw what is its own, and takes no other step; a closed one takes none.
- Sending back, rejecting and removing take a reason of the closed list that fits the thing and the decision. The
  author reads it in a statement of reasons, and may appeal once, within 30 days. A senior moderator who neither
  decided first nor wrote it decides: granting reopens what was sent back or rejected and restores what was removed.
- Removing everything one author posted is one batch of these steps, and is undone as one: what somebody has decided
  on or changed since then stays as it is.
- What is handed in or changed is read by the hold rules in the same transaction. What fires raises its place in the
  queue and is shown to moderators with its words; a rule refuses nothing, and authors are told nothing of it.
- Whoever is shown an account's record or address, an appeal, a report or the number of a credential is on record, once
  an hour for a person and a page; senior moderators read it beside what was shown.
- A doctor’s profile is verified when at least one licence was found as stated and no licence that has not run out was
  found otherwise. It ends with the first of these licences, or when one is due to be checked again. A suspension ends
  it at once and takes a reason; only a restoration that names a licence lifts it. Nothing else verifies anybody: see
  [verification](verification.md).
- A picture of a question is removed by itself, for good, with a reason that its author reads. Nothing is published
  before all its pictures can be shown.
- Each step writes one row of the audit trail, which the database refuses to change or delete.

## Keeping house

Treatments, uses, cautions, notices, sources, terms, reasons and hold rules are kept in the admin. Each change needs a
sentence on why; the history of each thing shows who, when, why, and the words before and after. What belongs to another
thing (names and cautions to a treatment, label statuses to a use) stands in the history of that thing.

Two treatments that are one are merged from the page of the one that goes (“Merge into another”):

- The preview says in numbers what moves: threads, answers, followers, scopes, uses that are there already and uses that
  come along, names, label statuses, cautions, notices, members of the family; and what stays behind. It is for good.
- Where two label statuses or emergency signs contradict each other, somebody chooses. What is not kept goes on record
  with its document and date.
- What somebody changed since the preview is shown first. Of two merges at once the second is told that it came late.
- Every address of the one that went leads to the same page of the other in one step, also after further merges; its
  names find the other in searches and in files of threads; the files of the catalogue do not bring it back.
- One entry with the reason stands in the history of both, which is one from then on.
- What readers see is not merged into what they do not see, and nothing comes to lie deeper in a family than its
  cautions reach. Merge the smaller into the larger: while a merge runs, asking waits.

What the queue costs with 200,000 things in it is measured in [moderation at scale](moderation-at-scale.md).
What the hold rules cost (5.8 ms for a question, 95th percentile) and hold of real threads: [hold rules](hold-rules.md).
"""


SENT_BACK = (State.DRAFT, State.PENDING)


class Command(BaseCommand):
    help = "Print the table of moderation as Markdown: docs/moderation.md."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = "".join(_row(before, to, edge) for before, to, edge in every_step())
        self.stdout.write(INTRODUCTION + rows + RULES, ending="")


def _row(before: State, to: State, edge: Edge) -> str:
    who = edge.actor.label.lower() + (", or the moderator who entered it" if edge.by_stand_in else "")
    if edge.actor == Actor.MODERATOR:
        who = "a moderator, not the author" + (", once sent back" if (before, to) == SENT_BACK else "")
    if edge.within:
        who = f"whoever just decided, for {edge.within.seconds // 60} minutes"
    return f"| {before.label} | {to.label} | {edge.verb} | {who} | {'yes' if edge.needs_reason else 'no'} |\n"
