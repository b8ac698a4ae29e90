"""Wording: mails as a clinic has rewritten them, checked before any of them is sent.

A clinic copies what it wants to change from ``templates/mail`` into a folder of its own.
Every file there must be one that is used, name only the fields of its mail, still say what
people need to come, and keep quiet about what kind of care it is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2
from jinja2 import meta, nodes

from vioP.domain.errors import WrongSettings
from vioP.domain.invite import Sender
from vioP.domain.neutral import heard
from vioP.mail.compose import MailPage, MailTemplates, environment

_FILES = ("subject.txt", "body.txt", "body.html")
_SHARED = ("_base.html", "_parts.html")
_WHEN = ("day", "starts", "ends", "zone")
_SENDER = ("sender.name", "sender.phone")
_DIAL = ("dial_in", "pin")
# What the templates of each mail may say.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "invite": (*_SENDER, *_WHEN, *_DIAL, "name", "join_url", "rsvp_url", "word"),
    "update": (
        *_SENDER,
        *_WHEN,
        *_DIAL,
        "name",
        "join_url",
        "rsvp_url",
        "moved_from",
        "again",
        "word",
    ),
    "cancel": (*_SENDER, *_WHEN, "name"),
    "nudge": (*_SENDER, "name", "join_url", "unsubscribe_url"),
    "host_late": (*_SENDER, "name", "join_url"),
    "room_down": (*_SENDER, "name", "join_url"),
    "code": (*_SENDER, "code"),
    "clocks": (*_SENDER, "name", "day", "starts", "zone", "lines"),
    "overview": (*_SENDER, "name", "zone", "lines", "gone"),
    "feed_link": (*_SENDER, "name", "feed_url"),
    "reminder": (*_SENDER, "name", "join_url", "lines", "again", "unsubscribe_url"),
    "setup": (*_SENDER, "name", "setup_url"),
    "setup_guardian": (*_SENDER, "name", "setup_url"),
    "record_opened": (*_SENDER, "review_url"),
    "welcome": (*_SENDER, "name", "password_url"),
    "new_password": (*_SENDER, "name", "password_url"),
}
_ALL = tuple(dict.fromkeys(each for fields in FIELDS.values() for each in fields))
# Without these a mail is of no use; subjects say nothing about a person.
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "invite": (*_WHEN, "join_url", "sender.phone"),
    "update": (*_WHEN, "join_url", "sender.phone"),
    "cancel": (*_WHEN, "sender.phone"),
    "nudge": ("join_url", "sender.phone"),
    "host_late": ("join_url", "sender.phone"),
    "room_down": ("join_url", "sender.phone"),
    "code": ("code",),
    "clocks": ("starts", "zone", "lines"),
    "overview": ("zone", "lines", "gone"),
    "feed_link": ("feed_url",),
    "reminder": ("join_url", "lines", "sender.phone"),
    "setup": ("setup_url", "sender.phone"),
    "setup_guardian": ("setup_url", "sender.phone"),
    "record_opened": ("review_url",),
    "welcome": ("password_url",),
    "new_password": ("password_url",),
}
_IN_SUBJECTS = ("sender.name", "moved_from", "again")
_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_STYLE = re.compile(r"<style>.*?</style>|style=\"[^\"]*\"", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Edited:
    """A file a clinic has rewritten.

    Attributes:
        name: Its path inside the folder, such as ``invite/body.txt``.
    """

    name: str
    source: str

    @property
    def prose(self) -> str:
        """What it says itself, line by line; what is filled in later is left out."""
        text = _JINJA.sub(_blank, self.source)
        return _STYLE.sub(_blank, text) if self.name.endswith(".html") else text


def read_wording(mails: MailTemplates, sender: Sender) -> tuple[Edited, ...]:
    """Everything a clinic has rewritten, checked; nothing when it has rewritten nothing.

    Raises:
        WrongSettings: A file is unknown, names an unknown field, leaves out what people need,
            cannot be read, or says what kind of care it is. Each is named with its line.
    """
    folder = mails.wording
    if folder is None:
        return ()
    if not folder.is_dir():
        raise WrongSettings(
            f"messages.wording: {folder} is no folder. Make it, or leave the setting empty."
        )
    edited = []
    problems: list[str] = []
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = file.relative_to(folder).as_posix()
        try:
            edited.append(Edited(name, file.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{name}: cannot be read as UTF-8 text ({error}).")
    for each in edited:
        problems += _problems(each)
    if not problems:
        problems += _left_out(edited, mails, sender)
    if problems:
        listed = "\n".join(f"messages.wording: {each}" for each in problems)
        raise WrongSettings(listed)
    return tuple(edited)


def spoken(edited: Edited, words: tuple[str, ...] = ()) -> tuple[str, ...]:
    """What a file says that must not leave the house, each with its line."""
    return tuple(
        f"{edited.name} line {each.line}: “{each.word}” says what kind of care it is. "
        "Choose another word."
        for each in heard(edited.prose, words)
    )


def _problems(edited: Edited) -> Iterator[str]:
    kind, _, part = edited.name.partition("/")
    known = (kind in FIELDS and part in _FILES) or edited.name in _SHARED
    if not known:
        yield (
            f"{edited.name} is not a file of any mail. Use "
            f"{', '.join(f'KIND/{each}' for each in _FILES)}, KIND being one of "
            f"{', '.join(FIELDS)}; or {', '.join(_SHARED)}."
        )
        return
    try:
        tree = environment(Path(), autoescape=False).parse(edited.source)
    except jinja2.TemplateSyntaxError as error:
        yield f"{edited.name} line {error.lineno}: {error.message}"
        return
    allowed = FIELDS.get(kind, _ALL)
    if part == "subject.txt":
        allowed = tuple(each for each in allowed if each in _IN_SUBJECTS)
    for line, field in _fields(tree):
        if field not in allowed:
            yield (
                f"{edited.name} line {line}: there is no field “{field}” here. "
                f"Fields: {', '.join(sorted(f'page.{each}' for each in allowed))}."
            )
    yield from spoken(edited)


def _fields(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Every field a template names, without ``page.`` in front; anything else by its name."""
    inner = {id(each.node) for each in tree.find_all(nodes.Getattr)}
    for each in tree.find_all(nodes.Getattr):
        path = _path(each)
        if path and path != "sender" and id(each) not in inner:
            yield each.lineno, path
    for name in sorted(meta.find_undeclared_variables(tree) - {"page"}):
        yield 1, name


def _path(node: nodes.Node) -> str:
    """``sender.name`` of ``page.sender.name``; empty for what does not begin with page."""
    if isinstance(node, nodes.Getattr):
        before = _path(node.node)
        begins = isinstance(node.node, nodes.Name) and node.node.name == "page"
        return node.attr if begins else (f"{before}.{node.attr}" if before else "")
    return ""


def _left_out(edited: list[Edited], mails: MailTemplates, sender: Sender) -> Iterator[str]:
    """Which rewritten mails no longer say what people need, tried with made-up facts."""
    facts = {each: f"[{each}]" for each in _ALL if not each.startswith("sender.")}
    listed = {each: (facts[each],) for each in ("lines", "gone")}
    page = MailPage(sender=sender, **(facts | listed))  # type: ignore[arg-type]
    kinds = {each.name.partition("/")[0] for each in edited} & FIELDS.keys()
    if any(each.name in _SHARED for each in edited):
        kinds = set(FIELDS)
    for kind in sorted(kinds):
        for part, write in (("body.txt", mails.text), ("body.html", mails.html)):
            try:
                written = write(kind, page)
            except jinja2.TemplateError as error:
                yield f"{kind}/{part}: cannot be written ({error})."
                continue
            needed = {
                each: sender.phone if each == "sender.phone" else facts[each]
                for each in _NEEDED[kind]
            }
            for field, text in needed.items():
                if text not in written:
                    yield f"{kind}/{part} must say {{{{ page.{field} }}}}."


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def rewritten(mails: MailTemplates) -> Mapping[str, tuple[str, ...]]:
    """Which files of each mail a clinic has rewritten."""
    folder = mails.wording
    if folder is None:
        return {}
    return {
        kind: tuple(each for each in _FILES if (folder / kind / each).is_file())
        for kind in FIELDS
    }
