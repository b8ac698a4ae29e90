"""A group at nine from which one person is missing, and a telephone that calls by itself."""

from dataclasses import replace

import pytest

from tests.carrier import FakeCarrier
from tests.missed_group import group_without_p4
from vioP.domain.ids import SessionId
from vioP.ports import Ports


@pytest.fixture
def carrier() -> FakeCarrier:
    return FakeCarrier()


@pytest.fixture
def phoned(ports: Ports, carrier: FakeCarrier) -> Ports:
    return replace(ports, telephone=carrier)


@pytest.fixture
async def session(phoned: Ports) -> SessionId:
    """The group at nine: its host is there, p4 is missing, and p4's number is theirs."""
    return await group_without_p4(phoned)
