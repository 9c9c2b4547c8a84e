"""Measure search: how high what is relevant ranks, and how long a query takes."""

from __future__ import annotations

import json
import math
import statistics
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from answers.search import find, read
from questions.models import Question
from treatments.search import catalogue

Grades = dict[str, dict[str, float]]


class Command(BaseCommand):
    help = "nDCG@10, MRR@10, recall and milliseconds per query over imported threads, by their external ids."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queries", type=Path, required=True, help='JSON Lines: {"id": …, "text": …}')
        parser.add_argument(
            "--qrels", type=Path, required=True, help="tab-separated: query, thread, grade; one header line"
        )

    def handle(self, *args: Any, queries: Path, qrels: Path, **options: Any) -> None:
        grades = read_grades(qrels)
        asked = {pk: text for pk, text in read_queries(queries).items() if any(grades.get(pk, {}).values())}
        if not asked:
            raise CommandError("No query of this file has a relevant thread in the judgements.")
        runs, times = {}, []
        for pk, text in asked.items():
            began = time.perf_counter()
            found = find(read(text, catalogue()))
            times.append(1000 * (time.perf_counter() - began))
            runs[pk] = external_ids(found)
        missing = self.missing(grades, asked)
        if missing:
            self.stderr.write(f"{missing} relevant threads are not imported here; they count as not found.")
        self.stdout.write(f"{'queries':<12} {len(asked):8}")
        for name, value in measures(runs, grades).items():
            self.stdout.write(f"{name:<12} {value:8.4f}")
        for name, value in timings(times).items():
            self.stdout.write(f"{name:<12} {value:8.1f}")

    def missing(self, grades: Grades, asked: dict[str, str]) -> int:
        """How many relevant threads this site does not have."""
        wanted = {thread for pk in asked for thread, grade in grades[pk].items() if grade > 0}
        here = Question.objects.filter(external_id__in=wanted, thread__isnull=False).count()
        return len(wanted) - here


def read_queries(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    return {row["id"]: row["text"] for row in rows}


def read_grades(path: Path) -> Grades:
    grades: Grades = {}
    with path.open(encoding="utf-8") as lines:
        next(lines, None)
        for line in lines:
            if line.strip():
                query, thread, grade = line.rstrip("\n").split("\t")
                grades.setdefault(query, {})[thread] = float(grade)
    return grades


def external_ids(keys: list[int]) -> list[str]:
    """The names these threads had where they came from, in the same order."""
    names = dict(Question.objects.filter(pk__in=keys).values_list("pk", "external_id"))
    return [names[key] or "" for key in keys]


def measures(runs: dict[str, list[str]], grades: Grades) -> dict[str, float]:
    """Means over the queries; a thread nobody judged counts as irrelevant."""
    each = [_measure(found, grades[query]) for query, found in runs.items()]
    return {name: statistics.fmean(row[name] for row in each) for name in each[0]}


def _measure(found: list[str], grades: dict[str, float]) -> dict[str, float]:
    relevant = {thread for thread, grade in grades.items() if grade > 0}
    ranks = [rank for rank, thread in enumerate(found, start=1) if thread in relevant]
    return {
        "nDCG@10": _gain([grades.get(thread, 0) for thread in found])
        / _gain(sorted(grades.values(), reverse=True)),
        "MRR@10": 1 / ranks[0] if ranks and ranks[0] <= 10 else 0.0,
        "recall@10": sum(rank <= 10 for rank in ranks) / len(relevant),
        "recall@100": sum(rank <= 100 for rank in ranks) / len(relevant),
    }


def _gain(grades: list[float]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades[:10], start=1))


def timings(milliseconds: list[float]) -> dict[str, float]:
    ordered = sorted(milliseconds)
    return {
        "ms, median": statistics.median(ordered),
        "ms, p95": ordered[math.ceil(0.95 * len(ordered)) - 1],
    }
