"""How far somebody is with their care, and who comes along, in words for whoever hosts them."""

from dataclasses import dataclass

from vioP.domain.course import Course

_SAID = ("interpreter:", "captions")


@dataclass(frozen=True, slots=True)
class CourseLine:
    """What stands below a name; nothing where it was not asked for.

    Attributes:
        helpers: Who takes part for their sake, with the language where one is known.
    """

    is_new: bool = False
    week: str = ""
    helpers: tuple[str, ...] = ()


def course_line(course: Course | None) -> CourseLine:
    """A course in words."""
    if course is None:
        return CourseLine()
    helpers = tuple(
        f"{kind.capitalize()} ({language})" if language else kind.capitalize()
        for kind, language in course.helpers
    )
    return CourseLine(course.is_new, f"Week {course.week} of {course.weeks}", helpers)


def other_needs(note: str, line: CourseLine) -> str:
    """What helps somebody, without what stands there as a helper already."""
    if not line.helpers:
        return note
    return " ".join(each for each in note.split() if not each.startswith(_SAID))
