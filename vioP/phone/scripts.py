"""Scripts: what is said on the phone, by name, and in other languages than English.

Flows say English words. A telephone that speaks finds the same words in the language of
whoever listens: ``templates/phone/<language>/<script>.txt``. Words it has no translation of
are said in English.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vioP.domain import call, dial_in, phone_check
from vioP.domain.errors import WrongSettings

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words as they are spoken.

    Attributes:
        script: What they are called; empty for words no script has.
    """

    script: str
    words: str
    language: str


@dataclass(frozen=True, slots=True)
class Scripts:
    """Everything that is ever said.

    Attributes:
        english: The words of each script.
        others: The same in each other language there is.
    """

    english: Mapping[str, str]
    others: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def in_language(self, words: str, language: str) -> Spoken:
        """English words in a language, or as they are where it lacks them."""
        script = next((name for name, each in self.english.items() if each == words), "")
        known = self.others.get(language.partition("-")[0], {})
        if script in known:
            return Spoken(script, known[script], language)
        return Spoken(script, words, language if _is_english(language) else ENGLISH)

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language there is."""
        return (ENGLISH, *sorted(self.others))


def read_scripts(folder: Path, sender: str, minutes: int) -> Scripts:
    """The scripts of a house.

    Args:
        folder: Where the languages lie.
        sender: Who calls, as people know it.
        minutes: How long somebody is left alone who cannot talk now.

    Raises:
        WrongSettings: A language lacks a script, or leaves out who calls.
    """
    english = _english(sender, minutes)
    fields = {"sender": sender, "minutes": str(minutes)}
    languages = sorted(each for each in folder.iterdir() if each.is_dir())
    return Scripts(english, {each.name: _read(each, english, fields) for each in languages})


def _english(sender: str, minutes: int) -> dict[str, str]:
    return {
        "prompt": call.prompt(sender),
        "drill": call.DRILL_PROMPT,
        "bridge": call.BRIDGE_PROMPT,
        "already_here": call.ALREADY_HERE,
        "not_needed": call.NOT_NEEDED,
        "be_connected": call.BE_CONNECTED,
        "drill_works": call.DRILL_WORKS,
        "not_expected": call.NOT_EXPECTED,
        "never_again_here": call.NEVER_AGAIN_HERE,
        "no_more": call.NO_MORE,
        "a_person_calls": call.A_PERSON_CALLS,
        "left_alone": call.left_alone(minutes),
        "phone_check": phone_check.check_prompt(sender),
        "phone_confirmed": phone_check.THANKS,
        "enter_pin": dial_in.ENTER_PIN,
        "pin_unknown": dial_in.PIN_UNKNOWN,
        "call_us": dial_in.CALL_US,
        "please_wait": dial_in.PLEASE_WAIT,
        "this_ends": dial_in.THIS_ENDS,
    }


def _read(
    folder: Path, english: Mapping[str, str], fields: Mapping[str, str]
) -> dict[str, str]:
    found = {}
    for script, words in english.items():
        file = folder / f"{script}.txt"
        if not file.is_file():
            raise WrongSettings(f"{file} is missing; a language has every script.")
        text = " ".join(file.read_text(encoding="utf-8").split())
        for name, value in fields.items():
            if value in words and f"{{{name}}}" not in text:
                raise WrongSettings(f"{file} must say {{{name}}}.")
            text = text.replace(f"{{{name}}}", value)
        found[script] = text
    return found


def _is_english(language: str) -> bool:
    return language.partition("-")[0] == ENGLISH
