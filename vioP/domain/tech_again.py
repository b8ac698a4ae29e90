"""The short check before an appointment: what has become worse since the last whole one."""

from dataclasses import replace

from vioP.domain.tech_line import judge_line
from vioP.domain.tech_report import MicrophoneReport, Report, Trouble
from vioP.domain.tech_thresholds import Thresholds
from vioP.domain.techcheck import (
    Finding,
    Grade,
    Part,
    Reason,
    TechCheck,
    first_that_holds,
)

# Nobody speaks while they read: only a microphone that is switched off is as silent as this.
_SWITCHED_OFF_DBFS = -90
_HEEDED = frozenset({Part.SOCKET, Part.ROOM})
_TURN = {Grade.PASS: 0, Grade.SKIPPED: 0, Grade.WARN: 1, Grade.FAIL: 2}


def worse_than(
    last: TechCheck | None, report: Report, thresholds: Thresholds
) -> tuple[Finding, ...]:
    """What is worse now than at the last whole check, the gravest first.

    Args:
        last: The last whole check; against nothing, whatever is wrong is worse.
        report: What could be measured without asking anything of the person.
        thresholds: From where on a part passes.
    """
    before = {each.part: each.grade for each in last.findings} if last else {}
    line = judge_line(_unspoken(report), frozenset(), thresholds)
    found = [_microphone(report.microphone), *(e for e in line if e.part in _HEEDED)]
    worse = [
        each
        for each in found
        if _TURN[each.grade] > _TURN[before.get(each.part, Grade.PASS)]
    ]
    return tuple(sorted(worse, key=lambda each: -_TURN[each.grade]))


def _unspoken(report: Report) -> Report:
    """A report without what silence sends: before a click a browser may play nothing."""
    room = report.room
    return report if room is None else replace(report, room=replace(room, received=1))


def _microphone(report: MicrophoneReport | None) -> Finding:
    heard = report or MicrophoneReport()
    silent = heard.peak is not None and heard.peak <= _SWITCHED_OFF_DBFS
    return first_that_holds(
        Part.MICROPHONE,
        (heard.trouble is Trouble.DENIED, Grade.FAIL, Reason.PERMISSION_DENIED),
        (heard.trouble is Trouble.MISSING, Grade.FAIL, Reason.MIC_MISSING),
        (heard.trouble is Trouble.BUSY, Grade.FAIL, Reason.MIC_BUSY),
        (silent, Grade.FAIL, Reason.MIC_SILENT),
        (heard.peak is None, Grade.SKIPPED, Reason.NOT_MEASURED),
    )
