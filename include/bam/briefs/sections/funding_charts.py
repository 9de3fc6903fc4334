"""Who pays and who receives: bars in one column per stage, because stages are never added to each other."""

from __future__ import annotations

from collections import defaultdict

from bam.briefs.desk import Desk
from bam.briefs.labels import STAGES
from bam.briefs.language import N_
from bam.briefs.model import Figure, Sentence, StageBar, StageBars, StageChart
from bam.model.claims import Stage, Table
from bam.model.records import Record

ROWS = 7
"""Named rows of a chart; the others are added up in one more."""

_SEVERAL = {"donor": N_("Several donors jointly"), "recipient": N_("Several recipients jointly")}
_UNKNOWN = {"donor": N_("Donor not named"), "recipient": N_("Recipient not named")}
_OTHERS = {"donor": N_("Other donors"), "recipient": N_("Other recipients")}
_TITLES = {
    "donor": N_("Who pays: {label} comes first among {stage} sums, with {amount} on record."),
    "recipient": N_("Who receives: {label} comes first among {stage} sums, with {amount} on record."),
}
_STAGE_ADJECTIVES = {
    Stage.PLANNED: N_("planned"),
    Stage.PLEDGED: N_("pledged"),
    Stage.COMMITTED: N_("committed"),
    Stage.DISBURSED: N_("disbursed"),
}
_MOST_CERTAIN_FIRST = (Stage.DISBURSED, Stage.COMMITTED, Stage.PLEDGED, Stage.PLANNED)
_UNNAMED = frozenset({"several", "unknown"})

Sums = dict[str, dict[str, list[Record]]]


def stage_chart(desk: Desk, dimension: str) -> StageChart | None:
    """The chart of donors or recipients on record; None where nothing is counted."""
    sums = _sums(desk, dimension)
    if not sums:
        return None
    figures = {
        (name, stage): desk.money(f"funding.{stage}.{dimension}.{name}", records)
        for name, by_stage in sums.items()
        for stage, records in by_stage.items()
    }
    order = sorted(sums, key=lambda name: (name in _UNNAMED, -max(figures[name, stage].value for stage in sums[name]), name))
    named, rest = order[:ROWS], order[ROWS:]
    if len(rest) == 1:
        named, rest = order, []
    rows = [_bars(desk, _label(desk, dimension, name), {stage: figures[name, stage] for stage in sums[name]}) for name in named]
    if rest:
        rows.append(_rest(desk, dimension, rest, sums))
    return StageChart(
        title=_title(desk, dimension, sums, figures),
        subtitle=desk.say("{currency} million, on record as of {date}").format(
            currency=desk.currency, date=desk.language.date(desk.as_of.isoformat())
        ),
        alt=" ".join([desk.say("{currency} million.").format(currency=desk.currency), *(_alt(desk, row) for row in rows)]),
        stages=tuple(desk.say(STAGES[stage][0]) for stage in Stage),
        rows=tuple(rows),
    )


def _sums(desk: Desk, dimension: str) -> Sums:
    """Counted records by value of the dimension and stage; sums without a rate are in no total of the common currency."""
    by_id = {record.id: record for record in desk.records(Table.FUNDING)}
    sums: Sums = defaultdict(lambda: defaultdict(list))
    for entry in desk.material.ledger:
        if entry.dimension == dimension and entry.is_counted and entry.amount_common and entry.record_id in by_id:
            sums[entry.value][entry.stage].append(by_id[entry.record_id])
    return sums


def _label(desk: Desk, dimension: str, name: str) -> str:
    if name == "several":
        return desk.say(_SEVERAL[dimension])
    if name == "unknown":
        return desk.say(_UNKNOWN[dimension])
    return desk.language.party(name)


def _bars(desk: Desk, label: str, figures: dict[str, Figure]) -> StageBars:
    return StageBars(label, tuple(_bar(desk, stage, figures.get(stage)) for stage in Stage))


def _bar(desk: Desk, stage: Stage, figure: Figure | None) -> StageBar:
    if figure is None:
        return StageBar(stage, 0.0, "")
    return StageBar(stage, figure.value, desk.language.millions(figure.low, figure.high, 1))


def _rest(desk: Desk, dimension: str, names: list[str], sums: Sums) -> StageBars:
    """All the others as one row."""
    by_stage: dict[str, list[Record]] = defaultdict(list)
    for name in names:
        for stage, records in sums[name].items():
            by_stage[stage].extend(records)
    figures = {stage: desk.money(f"funding.{stage}.{dimension}.others", records) for stage, records in by_stage.items()}
    return _bars(desk, f"{desk.say(_OTHERS[dimension])} ({len(names)})", figures)


def _title(desk: Desk, dimension: str, sums: Sums, figures: dict[tuple[str, str], Figure]) -> Sentence:
    for stage in _MOST_CERTAIN_FIRST:
        named = [name for name in sums if stage in sums[name] and name not in _UNNAMED]
        if named:
            first = min(named, key=lambda name: (-figures[name, stage].value, name))
            return desk.sentence(
                desk.say(_TITLES[dimension]),
                cite=sorted(sums[first][stage], key=lambda record: -(record.conversion.amount if record.conversion else 0)),
                anchor="funding",
                label=_label(desk, dimension, first),
                stage=desk.say(_STAGE_ADJECTIVES[stage]),
                amount=figures[first, stage],
            )
    return desk.sentence(
        desk.say("Who pays isn't said of any sum.") if dimension == "donor" else desk.say("Who receives isn't said of any sum.")
    )


def _alt(desk: Desk, row: StageBars) -> str:
    parts = [f"{desk.say(STAGES[Stage(bar.stage)][0])} {bar.text}" for bar in row.bars if bar.text]
    return f"{row.label}: {'; '.join(parts)}."
