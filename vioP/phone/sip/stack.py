"""The SIP stack, wrapped: the only module that knows baresip, and only the worker loads it.

One stack to a process; one that died cannot be started again, so its process ends with it.
What happens to a call is passed on from its first moment: a refusal may come before dialling
has returned, and the library's own call object would not hear of it.
"""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Protocol, Self

from baresip import Account, Call, Config, Runtime, UserAgent
from baresip.errors import (
    AudioNotActive,
    AudioRestarted,
    BaresipError,
    CommandTimeout,
    RegistrationError,
    split_status,
)
from baresip.events import Event, StackEvent

from vioP.phone.sip.rtp import FRAME_BYTES
from vioP.phone.sip.wire import LineChoices

_TRY_AGAIN = 15.0
_EARLY_CALLS = 64
_STACK_DIED = 3
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL
)


class Listener(Protocol):
    """Who follows a call."""

    def is_ringing(self) -> None:
        """The far end rings."""
        ...

    def is_answered(self) -> None:
        """Somebody has picked up."""
        ...

    def is_pressed(self, key: str) -> None:
        """A key was pressed."""
        ...

    def is_closed(self, status: int) -> None:
        """It is over, with what the far end answered; 0 when nothing."""
        ...


class CannotDial(Exception):
    """The stack would not send a call; it surely never rang."""


class Phone:
    """One call in the stack: what is spoken and heard, and its end."""

    def __init__(self, call: Call) -> None:
        self._call = call

    @property
    def is_heard(self) -> bool:
        """Whether sound can be sent by now."""
        try:
            return bool(self._call.audio.info().tx_ready)
        except AudioNotActive:
            return False

    def speak(self, pcm: bytes) -> None:
        """Send linear samples; while the media is renegotiated they are lost."""
        with suppress(AudioRestarted, AudioNotActive):
            self._call.audio.write(pcm)

    def hush(self) -> None:
        """Take back what was not sent yet."""
        with suppress(AudioRestarted, AudioNotActive):
            self._call.audio.flush_tx()

    def listen(self) -> bytes:
        """What has been heard since, at most a few frames."""
        try:
            return bytes(self._call.audio.read(4 * FRAME_BYTES))
        except (AudioRestarted, AudioNotActive):
            return b""

    async def answer(self) -> None:
        """Take a call that came in; over already, it stays so."""
        with suppress(BaresipError):
            await self._call.answer()

    async def end(self) -> None:
        """End it, cancel it or refuse it; over already, it stays so."""
        with suppress(BaresipError):
            await self._call.hangup()


class Stack:
    """The running stack, with one account."""

    def __init__(self, agent: UserAgent, choices: LineChoices) -> None:
        self._agent = agent
        self._choices = choices
        self._listeners: dict[int, Listener] = {}
        self._early: dict[int, list[StackEvent]] = {}
        agent.on(self._pass_on)

    @classmethod
    @asynccontextmanager
    async def open(cls, choices: LineChoices) -> AsyncIterator[Self]:
        """A running stack.

        Raises:
            BaresipError: It did not start; the exchange's address may be malformed.
        """
        runtime = Runtime()
        runtime.on_dead = lambda: os._exit(_STACK_DIED)
        await runtime.start(_config(choices))
        try:
            yield cls(await UserAgent.create(runtime, _account(choices)), choices)
        finally:
            with suppress(BaresipError):
                await runtime.close()

    async def stay_registered(self, tell: Callable[[str, str], None]) -> None:
        """Register, and again until it succeeds; the stack then renews it.

        Args:
            tell: Told ``registered``, or ``unregistered`` with the exchange's answer.
        """
        while True:
            try:
                await self._agent.register()
            except RegistrationError as error:
                tell("unregistered", str(error.status or "no answer"))
                await asyncio.sleep(_TRY_AGAIN)
            else:
                tell("registered", "")
                break
        self._agent.on(lambda event: _tell_registration(event, tell))

    async def dial(self, number: str, listener: Listener) -> Phone:
        """Ring a number.

        Args:
            number: In E.164.
            listener: Told everything about the call, from its first moment.

        Raises:
            CannotDial: Nothing was sent.
        """
        to = f"sip:{number}@{self._choices.server};transport={self._choices.transport}"
        # RFC 3325: the exchange shows this number, if it is one of ours.
        ours = f"<sip:{self._choices.number}@{self._choices.server}>"
        try:
            call = await self._agent.dial(to, headers={"P-Preferred-Identity": ours})
        except CommandTimeout:  # it may ring, and nobody would hear of it
            os._exit(_STACK_DIED)
        except (BaresipError, ValueError) as error:
            raise CannotDial from error
        self.follow(call, listener)
        return Phone(call)

    def on_incoming(self, taken: Callable[[Call], None]) -> None:
        """Be given every call that comes in."""
        self._agent.on_incoming(taken)

    def follow(self, call: Call, listener: Listener) -> None:
        """Tell a listener everything about a call, what has happened already first."""
        self._listeners[call.handle] = listener
        for event in self._early.pop(call.handle, []):
            self._pass_on(event)

    def _pass_on(self, event: StackEvent) -> None:
        if not event.call:
            return
        listener = self._listeners.get(event.call)
        if listener is None:
            self._keep_early(event)
            return
        match event.event:
            case Event.CALL_RINGING | Event.CALL_PROGRESS:
                listener.is_ringing()
            case Event.CALL_ESTABLISHED:
                listener.is_answered()
            case Event.CALL_DTMF_START if event.text:
                listener.is_pressed(event.text)
            case Event.CALL_CLOSED:
                del self._listeners[event.call]
                listener.is_closed(split_status(event.text or "")[0] or 0)
            case _:
                pass

    def _keep_early(self, event: StackEvent) -> None:
        """Keep what comes before its call is known; a handle names one call for ever."""
        while len(self._early) >= _EARLY_CALLS:
            del self._early[next(iter(self._early))]
        self._early.setdefault(event.call, []).append(event)


def _tell_registration(event: StackEvent, tell: Callable[[str, str], None]) -> None:
    if event.event is Event.REGISTER_OK:
        tell("registered", "")
    elif event.event is Event.REGISTER_FAIL:
        tell("unregistered", (event.text or "no answer")[:3])


def _account(choices: LineChoices) -> Account:
    extra = ["catchall=yes"]  # an exchange calls us by the number, not by the account
    extra.append(f"mediaenc={'srtp-mand' if choices.srtp else ''}")
    return Account(
        choices.account,
        choices.server,
        choices.password,
        registrar=(
            f"sip:{choices.proxy};transport={choices.transport}" if choices.proxy else None
        ),
        reg_interval=600 if choices.register else 0,
        transport=choices.transport,
        auth_user=choices.login or None,
        extra_params=tuple(each for each in extra if not each.endswith("=")),
    )


def _config(choices: LineChoices) -> Config:
    first, last = choices.ports
    lines = [f"rtp_ports {first}-{last}"]
    if choices.listen:
        lines.append(f"sip_listen {choices.listen}")
    if choices.transport == "tls":
        lines += [f"sip_cafile {_authorities(choices)}", "sip_verify_server yes"]
    return Config(
        net_interface=_host(choices.listen) or None,
        max_concurrent_calls=choices.calls,
        rtp_timeout=choices.silence,
        extra_config_text="\n".join(lines) + "\n",
    )


def _authorities(choices: LineChoices) -> str:
    """Whose certificates to trust. The library brings an OpenSSL that looks elsewhere."""
    known = [choices.authorities, *_BUNDLES, ssl.get_default_verify_paths().cafile or ""]
    return next((each for each in known if each and Path(each).is_file()), "")


def _host(listen: str) -> str:
    return listen.rpartition(":")[0] if ":" in listen else listen
