"""Sums of device checks, beside sums made another way."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.make import NINE
from vioP.domain.tech_sums import tech_sums
from vioP.domain.techcheck import Finding, Grade, Part, Reason, TechCheck, Verdict
from vioP.domain.time import later

CHECKS = st.lists(
    st.none()
    | st.builds(
        lambda verdict, grades: TechCheck(
            NINE,
            verdict,
            tuple(Finding(part, grade, Reason.OK) for part, grade in grades.items()),
            later(NINE, timedelta(days=30)),
        ),
        st.sampled_from(Verdict),
        st.dictionaries(st.sampled_from(Part), st.sampled_from(Grade), max_size=4),
    )
)


@given(CHECKS)
def test_everybody_is_in_one_sum_and_every_finding_in_another(
    checks: list[TechCheck | None],
):
    found = tech_sums(checks)

    assert found.checked + found.unchecked == len(checks)
    assert found.without_video == sum(
        each is not None and each.verdict in {Verdict.PHONE_FIRST, Verdict.NOT_READY}
        for each in checks
    )
    every = [one for each in checks if each for one in each.findings]
    for part in Part:
        own = [one.grade for one in every if one.part is part]
        if set(own) <= {Grade.SKIPPED}:
            assert part not in found.parts
        else:
            assert {grade: own.count(grade) for grade in Grade} == found.parts[part]
