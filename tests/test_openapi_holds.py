"""What the OpenAPI document says holds, whatever is sent: no 500, no status and no shape of its own.

Seeded and bounded: the same requests each time. `OPENZONE_TEST_EXAMPLES=200` sends more of them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode, openapi
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from server.openapi import describe_api
from server.rate_limit import RateLimit
from speech.scripted_recognition import ScriptedRecogniser
from tests.doors import Doors, open_doors
from tests.phones_of_citizens import PhoneOfCitizen, phone_of_citizen

EXAMPLES = int(os.environ.get("OPENZONE_TEST_EXAMPLES", "3"))
"""Requests to each operation that keep to its description, and as many again that do not."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SCHEMA = openapi.from_dict(json.loads(msgspec.json.encode(describe_api())))
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}
NOT_PLAIN = {"GET /mp/v1/ask/stream"}
"""Operations that only a WebSocket uses."""


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    recogniser = ScriptedRecogniser(["申请公开要收费吗"])
    with open_doors(tmp_path_factory.mktemp("openapi-holds"), recogniser) as opened:
        for name, limit in vars(opened.context).items():
            if isinstance(limit, RateLimit):
                setattr(opened.context, name, RateLimit(10**9))
        yield opened


@pytest.fixture
def phone(doors: Doors) -> Iterator[PhoneOfCitizen]:
    with phone_of_citizen(doors) as somebody:
        somebody.agrees()
        yield somebody


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_an_operation_answers_as_described(
    doors: Doors, phone: PhoneOfCitizen, label: str, mode: GenerationMode
) -> None:
    operation = OPERATIONS[label]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answers(case: Case) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
        response = case.call(base_url=doors.url, timeout=30, allow_redirects=False)
        case.validate_response(response, checks=CHECKS)

    token = phone.session["token"]
    # Not everything can be called otherwise than described.
    with suppress(Unsatisfiable):
        answers()
