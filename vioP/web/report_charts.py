"""What a report says, as sentences, charts and tables."""

from collections.abc import Mapping
from itertools import groupby

from vioP.domain.first_session import Waited, together
from vioP.domain.ids import CohortId, TrackId
from vioP.domain.payer_units import PayerUnits
from vioP.domain.report import Came, Reached, Report
from vioP.domain.tech_sums import TechSums
from vioP.domain.techcheck import Grade, Part
from vioP.web.charts import Amount, Chart, chart
from vioP.web.pages import dated
from vioP.web.spreads import Spread, SpreadChart, spread_chart
from vioP.web.tech_words import NOT_CHECKED, PARTS, VERDICTS

_PLACES = (
    ("good", "Took part"),
    ("mild", "Excused"),
    ("bad", "Missed"),
    ("none", "Not held"),
)
_WORTH = (
    ("good", "Counts"),
    ("mild", "Length not known"),
    ("bad", "Too short to count"),
)
_GRADES = (("good", "Works"), ("mild", "Works, but"), ("bad", "Does not work"))
_PARTS = {Part.PERMISSIONS: "Permissions"}  # the whole sentence has no room beside a bar
_NO_PAYER = "No approval"


def facts(found: Report) -> tuple[tuple[str, str], ...]:
    """What fits into a sentence, as a name and a value."""
    all_of_it = Came(
        sum(each.there for each in found.weeks.values()),
        sum(each.excused for each in found.weeks.values()),
        sum(each.missed for each in found.weeks.values()),
    )
    weak, checked = found.devices.without_video, found.devices.checked
    half, slow = found.reached.wait(0.5), found.reached.wait(0.95)
    said = [("Took part, of those who did not say no", _share(all_of_it.rate))]
    if half is not None and slow is not None:
        said.append(("From the first message to being there, half", f"{half:.0f} min"))
        said.append(("Of 20 who came, the slowest", f"{slow:.0f} min"))
    if checked:
        said.append(
            (
                "Devices that say no to video",
                f"{weak} of {checked} ({_share(weak / checked)})",
            )
        )
    return tuple(said)


def attendance(found: Report) -> tuple[Chart, ...]:
    """Who came, for how long, and what became of those who were missing."""
    drawn = [
        _places(
            "Who came, week by week", {dated(day): c for day, c in found.weeks.items()}
        ),
        _places(
            "Who came, by cohort",
            {name.capitalize(): each for name, each in found.cohorts.items()},
        ),
        chart(
            "Minutes people took part, week by week",
            (("good", "With picture"), ("mild", "Sound only")),
            [
                Amount(
                    dated(monday),
                    (("good", each.video), ("mild", each.sound)),
                    f"{each.video + each.sound:,}",
                )
                for monday, each in found.minutes.items()
            ],
            each_full=False,
            sums="Minutes in all",
        ),
    ]
    if found.reached.missing:
        drawn.append(_funnel(found.reached))
    return tuple(drawn)


def devices(found: TechSums) -> tuple[Chart, ...]:
    """How ready people's devices are, and what works of them; nothing where none was checked."""
    if not found.checked:
        return ()
    people = [(VERDICTS[each][1], number) for each, number in found.verdicts.items()]
    people.append((NOT_CHECKED[1], found.unchecked))
    total = found.checked + found.unchecked
    return (
        chart(
            "Last device checks",
            (("good", "People"),),
            [
                Amount(name, (("good", number),), _share(number / total))
                for name, number in people
            ],
            each_full=False,
            sums="Share",
        ),
        chart(
            "What works, by part of the check",
            _GRADES,
            [
                Amount(
                    _PARTS.get(part, PARTS[part]),
                    (
                        ("good", grades[Grade.PASS]),
                        ("mild", grades[Grade.WARN]),
                        ("bad", grades[Grade.FAIL]),
                    ),
                    f"{grades[Grade.FAIL]} of {sum(grades.values())}",
                )
                for part, grades in found.parts.items()
            ],
            each_full=False,
            sums="Failed, of all",
        ),
    )


def payers(found: Mapping[str, PayerUnits]) -> tuple[Chart, ...]:
    """What each payer counts of what was attended, in units and in minutes of care."""
    if not found:
        return ()
    units = [
        Amount(
            name or _NO_PAYER,
            (("good", each.units), ("mild", each.unknown), ("bad", each.short)),
            f"{each.units} of {each.units + each.unknown + each.short}",
        )
        for name, each in found.items()
    ]
    minutes = [
        Amount(
            name or _NO_PAYER,
            (("good", each.video), ("mild", each.sound)),
            f"{each.video + each.sound:,}",
        )
        for name, each in found.items()
    ]
    return (
        chart(
            "Units attended, by payer",
            _WORTH,
            units,
            each_full=False,
            sums="Counts, of all",
        ),
        chart(
            "Minutes of care attended, by payer",
            (("good", "With picture"), ("mild", "Sound only")),
            minutes,
            each_full=False,
            sums="Minutes in all",
        ),
    )


def first_sessions(
    title: str, found: Mapping[CohortId, Waited], tracks: Mapping[CohortId, TrackId]
) -> tuple[SpreadChart, ...]:
    """How long people waited, by cohort and by tracks of several; nothing where nobody began."""
    if not found:
        return ()
    rows: list[Spread] = []
    by_track = sorted(found, key=lambda cohort: (tracks.get(cohort, ""), cohort))
    for track, group in groupby(by_track, key=lambda cohort: tracks.get(cohort, "")):
        cohorts = list(group)
        if len(cohorts) > 1:
            rows.append(
                _spread(f"Track {track}", together(found[each] for each in cohorts))
            )
        rows += [_spread(each.capitalize(), found[each]) for each in cohorts]
    rows.append(_spread("Everybody", together(found.values())))
    return (spread_chart(title, "days", rows),)


def _spread(name: str, waited: Waited) -> Spread:
    return Spread(
        name,
        tuple(waited.within(share) for share in (0, 0.25, 0.5, 0.75, 1)),
        (
            ("Began", waited.people),
            ("Came", len(waited.days)),
            ("Still wait", waited.waiting),
        ),
    )


def _places(title: str, used: Mapping[str, Came]) -> Chart:
    return chart(
        title,
        _PLACES,
        [
            Amount(
                name,
                (
                    ("good", came.there),
                    ("mild", came.excused),
                    ("bad", came.missed),
                    ("none", came.not_held),
                ),
                _share(came.rate),
            )
            for name, came in used.items()
        ],
        each_full=True,
        sums="Took part, share",
    )


def _funnel(reached: Reached) -> Chart:
    steps = (
        ("Written to", reached.missing, reached.came),
        ("Called as well", reached.called, reached.came_after_call),
    )
    return chart(
        "What became of those who were missing",
        (("good", "Then took part"), ("bad", "Did not")),
        [
            Amount(
                name,
                (("good", came), ("bad", tried - came)),
                _share(came / tried) if tried else "-",
            )
            for name, tried, came in steps
        ],
        each_full=False,
        sums="Took part, share",
    )


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"
