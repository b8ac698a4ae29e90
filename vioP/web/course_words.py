"""How far somebody is with their care, and who comes along, in words for whoever hosts them."""

from dataclasses import dataclass

from vioP.domain.course import Course
from vioP.web.need_words import language_name, needs_in_words

_SAID = ("interpreter:", "captions")


@dataclass(frozen=True, slots=True)
class CourseLine:
    """What stands below a name; nothing where it was not asked for.

    Attributes:
        helpers: Who takes part for their sake, with the language where one is known.
        guest: From which group they come, if theirs is held together with this one.
    """

    is_new: bool = False
    week: str = ""
    helpers: tuple[str, ...] = ()
    guest: str = ""


def course_line(course: Course | None) -> CourseLine:
    """A course in words."""
    if course is None:
        return CourseLine()
    helpers = tuple(
        f"{kind.capitalize()} ({language_name(language)})"
        if language
        else kind.capitalize()
        for kind, language in course.helpers
    )
    own = course.guest_from
    return CourseLine(
        course.is_new,
        f"Week {course.week} of {course.weeks}",
        helpers,
        f"From the {own.capitalize()} group, today" if own else "",
    )


def other_needs(note: str, line: CourseLine) -> str:
    """What helps somebody, in words, without what stands there as a helper already."""
    if line.helpers:
        note = " ".join(each for each in note.split() if not each.startswith(_SAID))
    return needs_in_words(note)
