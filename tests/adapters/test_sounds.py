"""What is said on the phone: every language whole, recordings before voices, and mu-law."""

import math
import shutil
from array import array
from dataclasses import replace
from pathlib import Path

import pytest

from tests.sip_line import SENDER, scripts, strength
from tests.sip_phone import tone, write_tone
from vioP.domain.call import ALREADY_HERE, prompt
from vioP.domain.errors import Unavailable, WrongSettings
from vioP.domain.neutral import heard
from vioP.phone.resample import telephone_wav
from vioP.phone.scripts import read_scripts
from vioP.phone.sip.rtp import decode, encode, payload_of
from vioP.phone.sip.speech import read_sound
from vioP.phone.sounds import Sounds
from vioP.resources import folder

SPANISH = (
    "terapia",
    "tratamiento",
    "grupo",
    "clínica",
    "paciente",
    "sesión",
    "salud mental",
)


def test_a_person_hears_their_own_language_and_english_where_it_is_not_known():
    spoken = scripts().in_language(prompt(SENDER), "es-MX")

    assert spoken.script == "prompt"
    assert spoken.words.startswith(f"Le llama {SENDER}.")
    assert scripts().in_language(prompt(SENDER), "vi").words == prompt(SENDER)
    assert scripts().in_language("Something else.", "es").language == "en"


def test_nothing_that_is_said_tells_what_kind_of_care_it_is():
    known = scripts()

    for words in known.english.values():
        assert heard(words.replace(SENDER, "")) == ()
    for words in known.others["es"].values():
        assert not [each for each in SPANISH if each in words.lower()]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("drill", None, "drill.txt is missing"),
        ("prompt", "Bonjour.", "prompt.txt must say {sender}"),
        ("left_alone", "Merci.", "left_alone.txt must say {minutes}"),
    ],
)
def test_a_language_that_is_not_whole_is_refused(
    tmp_path: Path, name: str, text: str | None, said: str
):
    shutil.copytree(folder("templates") / "phone" / "es", tmp_path / "fr")
    file = tmp_path / "fr" / f"{name}.txt"
    file.unlink() if text is None else file.write_text(text)

    with pytest.raises(WrongSettings, match=said):
        read_scripts(tmp_path, SENDER, 30)


async def test_words_are_made_once_as_a_telephone_plays_them(
    sounds: Sounds, monkeypatch: pytest.MonkeyPatch
):
    first = await sounds.of(ALREADY_HERE, "en")
    monkeypatch.setattr("vioP.phone.sounds.VOICE", "no-such-voice")

    assert await sounds.of(ALREADY_HERE, "en") == first
    monkeypatch.undo()
    assert 1 < len(read_sound(Path(first))) / 16000 < 6
    assert await sounds.of(ALREADY_HERE, "es") != first


async def test_a_recording_wins_over_the_voice(sounds: Sounds, tmp_path: Path):
    recorded = tmp_path / "en" / "already_here.wav"
    recorded.parent.mkdir()
    write_tone(recorded, 440, seconds=1)
    ours = replace(sounds, recordings=tmp_path)
    ours.check()

    assert await ours.of(ALREADY_HERE, "en-US") == str(recorded)
    assert await ours.of(ALREADY_HERE, "es") != str(recorded)


def test_a_recording_that_cannot_be_played_is_refused_at_once(
    sounds: Sounds, tmp_path: Path
):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "prompt.wav").write_bytes(b"RIFFnothing")

    with pytest.raises(WrongSettings, match=r"prompt\.wav cannot be played"):
        replace(sounds, recordings=tmp_path).check()
    with pytest.raises(WrongSettings, match="there is no folder"):
        replace(sounds, recordings=tmp_path / "nowhere").check()


async def test_without_a_voice_it_is_said_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    silent = Sounds(scripts(), tmp_path / "made")

    with pytest.raises(WrongSettings, match="apt install espeak-ng"):
        silent.check()
    with pytest.raises(Unavailable, match="not installed"):
        await silent.of(ALREADY_HERE, "en")


async def test_a_language_no_voice_speaks_is_told(sounds: Sounds, tmp_path: Path):
    others = {"xx": dict(sounds.scripts.english)}
    odd = Sounds(replace(sounds.scripts, others=others), tmp_path)

    with pytest.raises(Unavailable, match="does not speak xx"):
        await odd.of(ALREADY_HERE, "xx")


def _wav(pcm: bytes, rate: int) -> bytes:
    size, half = len(pcm), rate * 2
    head = b"RIFF" + (36 + size).to_bytes(4, "little") + b"WAVEfmt "
    kind = (16).to_bytes(4, "little") + b"\1\0\1\0" + rate.to_bytes(4, "little")
    return (
        head + kind + half.to_bytes(4, "little") + b"\2\0\x10\0data"
        + size.to_bytes(4, "little") + pcm
    )  # fmt: skip


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 48000])
def test_a_tone_stays_what_it_is_and_what_a_phone_cannot_carry_is_gone(
    tmp_path: Path, rate: int
):
    file = tmp_path / "tone.wav"
    file.write_bytes(telephone_wav(_wav(tone(1000, rate), rate)))
    kept = array("h", read_sound(file)).tolist()

    assert len(kept) == 8000
    assert strength(kept, 1000) > 0.99
    if rate > 8000:
        file.write_bytes(telephone_wav(_wav(tone(min(5500, rate // 2 - 900), rate), rate)))
        gone = array("h", read_sound(file)).tolist()[200:-200]
        assert max(map(abs, gone)) < 900  # of 9000


def test_what_is_no_sound_is_refused():
    with pytest.raises(ValueError, match="no WAV file"):
        telephone_wav(b"nothing")


def test_mu_law_keeps_sound_as_a_telephone_does():
    samples = array("h", (int(30000 * math.sin(each / 7)) for each in range(8000)))

    back = array("h", decode(encode(samples.tobytes())))

    worst = max(abs(a - b) / max(abs(a), 256) for a, b in zip(samples, back, strict=True))
    assert worst < 0.07
    assert decode(bytes([0xFF])) == bytes(2)  # silence
    assert encode(decode(bytes(range(127)))) == bytes(range(127))


def test_only_mu_law_is_taken_out_of_a_packet():
    head = bytes([0x80, 0]) + bytes(10)
    extended = bytes([0x90, 0x80]) + bytes(10) + b"\xbe\xde\0\1" + bytes(4)

    assert payload_of(head + b"abc") == b"abc"
    assert payload_of(extended + b"abc") == b"abc"
    assert payload_of(bytes([0x80, 101]) + bytes(14)) is None
    assert payload_of(b"short") is None
    assert payload_of(extended[:13]) is None
