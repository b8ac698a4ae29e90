"""How loud a telephone is, and when that is speech."""

import pytest

from vioP.video.janus.speech import PACKETS, Speech, level

HEAD = bytes([0x80, 0]) + bytes(10)
SILENCE, LOUDEST = b"\xff" * 160, b"\x80" * 160  # G.711, table 2a


@pytest.mark.parametrize(
    ("samples", "decibels"),
    [(SILENCE, 127), (b"\x7f" * 160, 127), (LOUDEST, 0), (b"\x00" * 160, 0), (b"", 127),
     (b"\x8f" * 160, 6), (b"\x9f" * 160, 12), (b"\xef" * 160, 48)],
)  # fmt: skip
def test_loudness_is_counted_from_the_loudest_there_is(samples: bytes, decibels: int):
    assert level(samples) == decibels


def test_half_a_second_of_voice_is_speech_and_half_a_second_of_none_is_not():
    speech = Speech()

    changed = [speech.hear(HEAD + LOUDEST) for _ in range(PACKETS)]
    assert changed == [False] * (PACKETS - 1) + [True]
    assert speech.is_heard

    assert not any(speech.hear(HEAD + LOUDEST) for _ in range(PACKETS))
    assert any(speech.hear(HEAD + SILENCE) for _ in range(PACKETS))
    assert not speech.is_heard


@pytest.mark.parametrize("packet", [b"", b"\x80", HEAD, b"\x8f" + HEAD[1:]])
def test_a_packet_cut_short_is_silence(packet: bytes):
    assert not any(Speech().hear(packet) for _ in range(PACKETS))
