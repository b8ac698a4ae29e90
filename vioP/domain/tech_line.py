"""Judging the line of a rehearsal: both ways, the socket, the room server, the relays."""

from collections.abc import Iterator

from vioP.domain.tech_report import Echo, EchoReport, Report
from vioP.domain.tech_thresholds import Thresholds
from vioP.domain.techcheck import Finding, Grade, Part, Reason, first_that_holds

_FAIL, _WARN = Grade.FAIL, Grade.WARN


def judge_line(
    report: Report, relays: frozenset[str], thresholds: Thresholds
) -> Iterator[Finding]:
    """A finding for each part of the line."""
    yield _speed(
        Part.DOWNLOAD,
        report.down_kbps,
        (thresholds.down_good_kbps, thresholds.down_least_kbps),
        (Reason.DOWNLOAD_SLOW, Reason.DOWNLOAD_TOO_SLOW, Reason.DOWNLOAD_NONE),
    )
    yield _speed(
        Part.UPLOAD,
        report.up_kbps,
        (thresholds.up_good_kbps, thresholds.up_least_kbps),
        (Reason.UPLOAD_SLOW, Reason.UPLOAD_TOO_SLOW, Reason.UPLOAD_NONE),
    )
    yield _socket(report, thresholds)
    yield _room(report.room, thresholds)
    yield _relay(
        Part.RELAY_UDP, report.relay_udp, "udp" in relays, Reason.RELAY_UDP_BLOCKED
    )
    yield _relay(
        Part.RELAY_TCP, report.relay_tcp, "tcp" in relays, Reason.RELAY_TCP_BLOCKED
    )


def _speed(
    part: Part,
    kbps: float | None,
    limits: tuple[float, float],
    reasons: tuple[Reason, Reason, Reason],
) -> Finding:
    good, least = limits
    slow, too_slow, none = reasons
    return first_that_holds(
        part,
        (kbps is None, _FAIL, none),
        ((kbps or 0) < least, _FAIL, too_slow),
        ((kbps or 0) < good, _WARN, slow),
    )


def _socket(report: Report, limits: Thresholds) -> Finding:
    took = report.socket_ms or 0
    return first_that_holds(
        Part.SOCKET,
        (report.socket_ms is None, _FAIL, Reason.SOCKET_BLOCKED),
        (took > limits.rtt_most_ms, _FAIL, Reason.SOCKET_TOO_SLOW),
        (took >= limits.rtt_good_ms, _WARN, Reason.SOCKET_SLOW),
    )


def _room(report: EchoReport | None, limits: Thresholds) -> Finding:
    echo = report or EchoReport()
    rtt, loss, jitter = echo.rtt_ms or 0, echo.loss or 0, echo.jitter_ms or 0
    late = (echo.connect_ms or 0) > limits.connect_good_ms
    return first_that_holds(
        Part.ROOM,
        (report is None, Grade.SKIPPED, Reason.NOT_MEASURED),
        (echo.outcome is Echo.ELSEWHERE, Grade.SKIPPED, Reason.ROOM_ELSEWHERE),
        (echo.outcome is Echo.BUSY, Grade.SKIPPED, Reason.ROOM_BUSY),
        (echo.outcome is Echo.DOWN, _FAIL, Reason.ROOM_DOWN),
        (echo.outcome is Echo.FAILED, _FAIL, Reason.ROOM_UNREACHABLE),
        (not echo.received, _FAIL, Reason.ROOM_SILENT),
        (loss > limits.loss_most_percent, _FAIL, Reason.ROOM_LOSS_TOO_HIGH),
        (rtt > limits.rtt_most_ms, _FAIL, Reason.ROOM_DELAY_TOO_LONG),
        (jitter > limits.jitter_most_ms, _FAIL, Reason.ROOM_JITTER_TOO_HIGH),
        (loss >= limits.loss_good_percent, _WARN, Reason.ROOM_LOSS),
        (rtt >= limits.rtt_good_ms, _WARN, Reason.ROOM_DELAY),
        (jitter >= limits.jitter_good_ms, _WARN, Reason.ROOM_JITTER),
        (late, _WARN, Reason.ROOM_SLOW_TO_CONNECT),
    )


def _relay(
    part: Part, report: EchoReport | None, there_is_one: bool, blocked: Reason
) -> Finding:
    echo = report or EchoReport()
    return first_that_holds(
        part,
        (not there_is_one, Grade.SKIPPED, Reason.NO_RELAY),
        (report is None, Grade.SKIPPED, Reason.NOT_MEASURED),
        (echo.outcome is Echo.BUSY, Grade.SKIPPED, Reason.ROOM_BUSY),
        (echo.outcome is not Echo.CONNECTED, _FAIL, blocked),
    )
