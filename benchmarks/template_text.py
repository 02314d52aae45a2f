"""The wordings that template posts are put together from; `{stack}`, `{topic}` and `{place}` are slots."""

from __future__ import annotations


def _texts(block: str) -> tuple[str, ...]:
    return tuple(" ".join(text.split()) for text in block.strip().split("\n\n"))


TOPICS = (
    "tidying log output", "splitting a slow report", "rotating access keys", "pruning old branches",
    "naming feature flags", "moving secrets out of code", "testing restore scripts", "shrinking container images",
    "timing nightly imports", "reviewing alert noise", "cleaning up cron jobs", "planning a schema change",
    "writing a runbook", "batching web hooks", "limiting retry storms", "measuring page weight",
    "sorting build warnings", "pinning dependencies", "mapping redirects", "trimming startup time",
    "guarding file uploads", "budgeting error rates", "archiving stale records", "sampling traces",
)  # fmt: skip
STACKS = (
    "node workers", "go services", "rails apps", "postgres clusters", "vue dashboards", "java batch jobs",
    "php sites", "terraform modules", "redis queues", "kafka consumers", "django portals", "rust tools",
    "swift clients", "bash scripts",
)  # fmt: skip
PLACES = (
    "a two-person agency", "a school network", "an online bakery", "a regional archive", "a ticket office",
    "a clinic",
)  # fmt: skip
HEADINGS = (
    "Where to begin", "What usually goes wrong", "A careful order of steps", "Checks before release",
    "Life after the change", "Who should be involved", "Small print",
)  # fmt: skip
ITEMS = (
    "name an owner", "note the starting figure", "rehearse the way back", "warn the help desk", "update the runbook",
    "check the dashboards", "remove the old switch", "close the ticket",
)  # fmt: skip
IMAGE_HOSTS = (
    "placehold.co", "picsum.photos", "images.unsplash.com", "dummyimage.com",
)  # fmt: skip
SNIPPETS = (
    """\
import logging

logging.basicConfig(level=logging.INFO)
logger = logging.getLogger('jobs')
logger.info('started')""",
    """\
from pathlib import Path

for entry in sorted(Path('queue').iterdir()):
    print(entry.name, entry.stat().st_size)""",
    """\
def within(limit, values):
    for value in values:
        if value > limit:
            raise ValueError(value)""",
)
INTROS = _texts("""
{topic} looks like an afternoon of work until {stack} are involved. This guide shows how {place} can get it done
without a lost weekend.

Most teams meet {topic} late, when {stack} already carry real traffic. What follows is a calm order of steps that has
worked in {place}.

Anyone who keeps {stack} running for {place} will come across {topic} sooner or later. Here is the short version
first, and the long one after it.
""")
PARAGRAPHS = _texts("""
Begin with a list of everything that touches the part you want to change. A list on paper is enough, and it will be
wrong in two places. Finding those two places early is the point of the exercise.

Numbers first, opinions later. Note how long the task takes today, how often it fails and who is woken up by it.
Without a starting figure nobody can say afterwards whether the work paid off.

Make the smallest change that could possibly help and let it run for a full day. A day covers the morning peak, the
quiet hours and the nightly jobs. Anything shorter mostly measures luck.

Keep the old path alive until the new one has proved itself. A switch that takes ten seconds to flip back costs little
to build. It also makes the conversation with a nervous colleague much shorter.

Write down the command you ran and the output you got. Memory turns three attempts into one clean success within a
week. The next person needs the two attempts that failed just as much.

Talk to the people who use the result before you touch it. They know which delay hurts and which one nobody notices.
Ten minutes at the coffee machine can save a sprint.

Do not tune what you can delete. Half of the settings in an old system answer questions that no one asks any more.
Every removed option is one that cannot be set wrongly.

Alarms deserve the same care as features. An alarm that fires each night is a lullaby after two weeks. Give each one
an owner, a reason and a date on which it may be dropped.

Permissions tend to grow and never shrink. Go through the accounts once a quarter and take away what was not used. If
something breaks, you have learned who really needed it.

Copy production data only when you are allowed to, and mask it on the way. A small masked copy finds most of the
errors a full one would. It also fits on the laptop of a new colleague.

A test that nobody trusts is worse than none. Fix the flaky ones first, even when the list of missing ones is long.
Trust returns slowly, and it returns to quiet test runs.

Give every step a name that can be said aloud. When two people talk about the same box on a diagram they should use
one word for it. Half of all misunderstandings end at that point.

Queues hide trouble well. Watch the age of the oldest entry rather than the length of the line. A long queue that
moves is healthy, and a short one that stands still is not.

Plan the way back before the way forward. Ask what happens if the power goes out between any two steps. If the answer
is a shrug, that step needs to be split.

Documentation ages faster than code because nothing checks it. Put the page next to the thing it describes and let the
same review cover both. A short page that is right beats a long one that was.

Cost is a design property like speed. Put the monthly bill beside the traffic graph and look at both together. A line
that climbs while the other stays flat tells you where to dig.

Leave room for the season. Load in December has little to do with load in May, and averages hide both. Size for the
worst hour you have on record, then add a margin you can explain.

Share the result in the open, also when it is dull. A dull result closes a question for everybody else. Three lines
and a graph are plenty.

Old versions do not retire by themselves. Set a date, announce it twice and switch them off on a Tuesday morning.
Someone will complain, and that someone is now on your list.

Look at the slowest request of the day and not at the average one. It usually carries the shape of the next incident.
Following a single bad request end to end teaches more than a month of charts.

Put limits on everything that can grow. A limit that is hit is an error message with a name. Growth without a limit is
an outage without one.

Automate the second time, not the first. The first time shows what the steps are, and the second one shows which of
them were accidents. A script written too early preserves the accidents.
""")
TAILS = _texts("""
With {stack} it pays to note who decided this and when it will be looked at again.

For {topic} in particular, keep the notes where the on-call engineer will find them.

In {place} this step alone removed most of the repeated questions.
""")
CLOSINGS = _texts("""
What remains of {topic} is a habit more than a project. Look at {stack} again in three months, compare the figures and
drop whatever did not help.

None of this is specific to {place}. Any team with {stack} and a little patience can repeat it, and the second round
is always quicker.
""")
