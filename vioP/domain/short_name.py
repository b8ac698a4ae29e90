"""A name as a screen that several people see may show it."""


def short_name(name: str) -> str:
    """The first name and the initial of the last, such as ``Eli W.``; one word stays alone."""
    words = name.split()
    initial = next((each for each in words[-1] if each.isalnum()), "") if words else ""
    if len(words) < len(("first", "last")) or not initial:
        return "".join(words[:1])
    return f"{words[0]} {initial.upper()}."
