"""Whether a week breaks a hard rule. It trusts nobody, and shares no code with the solver.

It plainly compares everything with everything: a check as clever as what it checks would
make the same mistakes.
"""

from collections import Counter
from collections.abc import Iterator

from vioP.planner.judged import (
    Busy,
    lies_in_one,
    may_treat,
    over_a_day,
    too_near,
    understands,
)
from vioP.planner.problem import (
    Coverage,
    Meeting,
    Need,
    Place,
    Placement,
    ProblemClinician,
    ProblemParticipant,
    Rule,
    Solution,
    Violation,
    WeekProblem,
)


def verify(problem: WeekProblem, solution: Solution) -> tuple[Violation, ...]:
    """Every hard rule that a solution breaks; nothing when it can be published.

    Meetings are checked too, though no solver can move them: a host who is in two meetings
    at once is somebody's mistake, and has to be seen.
    """
    check = _Check(problem, solution)
    found = {
        *check.everybody_once(),
        *check.placements(),
        *check.meetings(),
        *check.places(),
        *check.clinicians(),
        *check.participants(),
        *check.rooms(),
    }
    return tuple(sorted(found, key=lambda each: (each.rule, each.what)))


class _Check:
    def __init__(self, problem: WeekProblem, solution: Solution) -> None:
        self.problem = problem
        self.solution = solution
        self.clinician = {each.id: each for each in problem.clinicians}
        self.participant = {each.id: each for each in problem.participants}
        self.meeting = {each.id: each for each in problem.meetings}
        self.need = {each.id: each for each in problem.needs}

    def everybody_once(self) -> Iterator[Violation]:
        """Every need and every attendee is either placed or unplaced, and only once."""
        asked = set(self.need)
        for meeting in self.problem.meetings:
            asked.update(f"{meeting.id}/{each}" for each in meeting.attendees)
        answered = Counter(each.need for each in self.solution.placements)
        answered.update(
            f"{each.meeting}/{each.participant}" for each in self.solution.places
        )
        answered.update(each.need for each in self.solution.unplaced)
        for each in asked | set(answered):
            if each not in asked:
                yield Violation(
                    Rule.ENROLLMENT, f"{each} is answered, but nobody asked for it."
                )
            elif answered[each] != 1:
                times = f"{answered[each]} times, not once"
                yield Violation(Rule.ENROLLMENT, f"{each} is answered {times}.")

    def placements(self) -> Iterator[Violation]:
        """Each appointment on its own."""
        for placement in self.solution.placements:
            need = self.need.get(placement.need)
            if need is None:
                continue  # Found by everybody_once.
            yield from self._time(placement, need)
            participant = self.participant.get(need.participant)
            clinician = self.clinician.get(placement.clinician)
            if participant is None:
                yield Violation(
                    Rule.ENROLLMENT, f"{need.id} is for {need.participant}, who is unknown."
                )
            if clinician is None or clinician.id not in need.clinicians:
                yield Violation(
                    Rule.CLINICIAN_UNKNOWN,
                    f"{placement.clinician} is not one of those who may give {need.id}.",
                )
            if participant is not None and clinician is not None:
                yield from self._pair(placement, need, clinician, participant)

    def _time(self, placement: Placement, need: Need) -> Iterator[Violation]:
        at = f"{need.id} ({placement.start} to {placement.end})"
        if placement.start % self.problem.grid != 0:
            yield Violation(
                Rule.GRID, f"{at} starts off the {self.problem.grid} minute grid."
            )
        if placement.end - placement.start != need.minutes:
            yield Violation(Rule.GRID, f"{at} does not last {need.minutes} minutes.")
        if need.pinned not in {None, placement.start}:
            yield Violation(Rule.PIN, f"{at} is pinned to {need.pinned}.")
        if not lies_in_one(placement.start, placement.end, need.within):
            yield Violation(
                Rule.ENROLLMENT, f"{at} lies outside {need.participant}'s enrollment."
            )

    def _pair(
        self,
        placement: Placement,
        need: Need,
        clinician: ProblemClinician,
        participant: ProblemParticipant,
    ) -> Iterator[Violation]:
        start, end = placement.start, placement.end
        mine, yours = clinician.id, participant.id
        checks = (
            (Rule.ROLE, clinician.role is need.role, f"{mine} is no {need.role}"),
            (
                Rule.LANGUAGE,
                understands(clinician, participant),
                f"{mine} and {yours} have no language in common",
            ),
            (
                Rule.LICENCE,
                may_treat(clinician, participant, start, end),
                f"{mine} has no licence for where {yours} is then",
            ),
            (
                Rule.PARTICIPANT_HOURS,
                lies_in_one(start, end, participant.available),
                f"{yours} is not available then",
            ),
            (
                Rule.CLINICIAN_HOURS,
                lies_in_one(start, end, clinician.available),
                f"{mine} does not work then",
            ),
        )
        for rule, is_kept, what in checks:
            if not is_kept:
                yield Violation(rule, f"{need.id} ({start} to {end}): {what}.")

    def meetings(self) -> Iterator[Violation]:
        """Each meeting and its hosts."""
        for meeting in self.problem.meetings:
            at = f"{meeting.id} ({meeting.start} to {meeting.end})"
            for host in meeting.hosts:
                clinician = self.clinician.get(host)
                if clinician is None:
                    yield Violation(
                        Rule.CLINICIAN_UNKNOWN, f"{at} is hosted by unknown {host}."
                    )
                elif not lies_in_one(meeting.start, meeting.end, clinician.available):
                    yield Violation(
                        Rule.CLINICIAN_HOURS, f"{at} lies outside {host}'s hours."
                    )
            seats = len([1 for each in self.solution.places if each.meeting == meeting.id])
            if seats > meeting.capacity:
                yield Violation(
                    Rule.CAPACITY, f"{at} has {seats} people in {meeting.capacity} places."
                )
            yield from self._company(meeting)

    def _company(self, meeting: Meeting) -> Iterator[Violation]:
        """Nobody is in a meeting who may not be, or may not be with somebody there."""
        at = f"{meeting.id} ({meeting.start} to {meeting.end})"
        there = {
            each.participant for each in self.solution.places if each.meeting == meeting.id
        }
        for who, rule in meeting.barred:
            if who in there:
                yield Violation(rule, f"{who} is in {at} against the rule.")
        for one, other in self.problem.apart:
            if one in there and other in there:
                yield Violation(Rule.APART, f"{one} and {other} are both in {at}.")

    def places(self) -> Iterator[Violation]:
        """Each place in a meeting: somebody of its hosts may treat and understands."""
        for place in self.solution.places:
            meeting = self.meeting.get(place.meeting)
            participant = self.participant.get(place.participant)
            if meeting is None:
                continue  # Found by everybody_once.
            if participant is None:
                yield Violation(
                    Rule.ENROLLMENT,
                    f"{place.participant} has a place in {place.meeting}, but is unknown.",
                )
                continue
            yield from self._place(place, meeting, participant)

    def _place(
        self, place: Place, meeting: Meeting, participant: ProblemParticipant
    ) -> Iterator[Violation]:
        at = f"{place.participant} in {meeting.id} ({meeting.start} to {meeting.end})"
        licensed = [
            each in self.clinician
            and may_treat(self.clinician[each], participant, meeting.start, meeting.end)
            for each in meeting.hosts
        ]
        enough = any(licensed)
        if self.problem.coverage is Coverage.LEAD:
            enough = licensed[:1] == [True]
        if self.problem.coverage is Coverage.ALL:
            enough = all(licensed) and licensed != []
        if not enough:
            yield Violation(
                Rule.LICENCE,
                f"{at}: {self.problem.coverage} of the hosts must hold a licence for "
                "where the participant is then.",
            )
        hosts = [self.clinician[each] for each in meeting.hosts if each in self.clinician]
        if not any(understands(each, participant) for each in hosts):
            yield Violation(Rule.LANGUAGE, f"{at}: no host speaks {participant.language}.")

    def clinicians(self) -> Iterator[Violation]:
        """Each clinician's week: apart, and within the day's and the week's maximum."""
        for clinician in self.problem.clinicians:
            busy = [
                Busy(each.id, each.start, each.end)
                for each in self.problem.meetings
                if clinician.id in each.hosts
            ] + [
                Busy(each.need, each.start, each.end)
                for each in self.solution.placements
                if each.clinician == clinician.id
            ]
            for what in too_near(clinician.id, busy, self.problem.clinician_buffer):
                yield Violation(Rule.CLINICIAN_OVERLAP, what)
            for what in over_a_day(clinician.id, busy, clinician.days, clinician.max_day):
                yield Violation(Rule.CLINICIAN_DAY, what)
            total = sum(each.end - each.start for each in busy)
            if total > clinician.max_week:
                over = f"has {total} minutes in the week, over {clinician.max_week}"
                yield Violation(Rule.CLINICIAN_WEEK, f"{clinician.id} {over}.")

    def participants(self) -> Iterator[Violation]:
        """Each participant's week: apart, and within the day's maximum."""
        for participant in self.problem.participants:
            busy = self._week_of(participant)
            for what in too_near(participant.id, busy, self.problem.participant_buffer):
                yield Violation(Rule.PARTICIPANT_OVERLAP, what)
            for what in over_a_day(
                participant.id, busy, participant.days, participant.max_day
            ):
                yield Violation(Rule.PARTICIPANT_DAY, what)

    def _week_of(self, participant: ProblemParticipant) -> list[Busy]:
        busy = []
        for place in self.solution.places:
            if place.participant == participant.id and place.meeting in self.meeting:
                meeting = self.meeting[place.meeting]
                busy.append(Busy(meeting.id, meeting.start, meeting.end))
        for placement in self.solution.placements:
            need = self.need.get(placement.need)
            if need is not None and need.participant == participant.id:
                busy.append(Busy(need.id, placement.start, placement.end))
        return busy

    def rooms(self) -> Iterator[Violation]:
        """At each moment a session starts, there is a room for all that go on."""
        spans = [(each.start, each.end) for each in self.problem.meetings]
        spans += [(each.start, each.end) for each in self.solution.placements]
        for moment, _ in spans:
            going_on = len([1 for start, end in spans if start <= moment < end])
            if going_on > self.problem.rooms:
                rooms = f"{going_on} sessions in {self.problem.rooms} rooms"
                yield Violation(Rule.ROOMS, f"At {moment} there are {rooms}.")
