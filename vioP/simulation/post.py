"""Mail and texts as their providers are: slow, away at times, and not always heard."""

from dataclasses import dataclass

from vioP.domain.errors import Unavailable
from vioP.domain.message import Text
from vioP.mail.compose import Letter
from vioP.mail.errors import ServerAway
from vioP.mail.taken import Taken, nothing
from vioP.simulation.life import Life
from vioP.simulation.people import Neighbours
from vioP.simulation.truth import Post, Trouble
from vioP.simulation.world import World

# How often a provider takes a message and its answer is lost on the way.
_UNHEARD = 0.02


@dataclass(frozen=True, slots=True)
class MailTwin:
    """A mail server."""

    world: World
    life: Life
    neighbours: Neighbours

    async def send(self, letter: Letter, taken: Taken = nothing) -> str:
        """Take a letter, as often as it is given."""
        world = self.world
        await self.life.takes(world.fate.between(0.05, 0.6))
        if world.has(Trouble.MAIL):
            raise ServerAway
        post = Post(world.time(), letter.to, letter.message_id)
        world.truth.letters.append((post, letter))
        world.truth.note(world.time(), f"mail {letter.to} {letter.message_id}")
        self.neighbours.mail_came(letter)
        if world.fate.happens(_UNHEARD):
            raise ServerAway
        self.life.step()
        await taken(letter.message_id)
        return letter.message_id


@dataclass(frozen=True, slots=True)
class TextsTwin:
    """A provider of text messages."""

    world: World
    life: Life
    neighbours: Neighbours

    async def send(self, text: Text) -> str:
        """Take a text; one of the same key is the same text."""
        world = self.world
        await self.life.takes(world.fate.between(0.05, 0.8))
        if world.has(Trouble.PHONE):
            raise Unavailable
        if all(each.key != text.key for each in world.truth.texts):
            world.truth.texts.append(Post(world.time(), text.to, text.key))
            world.truth.note(world.time(), f"text {text.key}")
            self.neighbours.text_came(text.to)
        if world.fate.happens(_UNHEARD):
            raise Unavailable
        self.life.step()
        return text.key
