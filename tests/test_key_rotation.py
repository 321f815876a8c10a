"""Changing the key: everything is readable and found afterwards, and the old key opens nothing."""

from __future__ import annotations

import asyncio
import json
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet
from filelock import FileLock
from tortoise import Tortoise
from tortoise.fields import BinaryField
from tortoise.transactions import in_transaction

from models.applicant import Applicant
from models.application import Application
from models.application_event import ApplicationEvent
from models.application_file import FilePurpose
from models.audit_record import AuditRecord
from models.consultation import Consultation, PartyKind
from models.database import close_database, open_database
from models.left_question import LeftQuestion, QuestionOrigin
from models.official_letter import LetterKind, OfficialLetter
from models.staff import Role, Staff
from models.suggestion import Suggestion
from server.cli import main
from services import (
    applicants,
    application_drafts,
    application_files,
    applications,
    audit,
    citizen_agreement,
    citizen_phones,
    citizens,
    key_rotation,
    left_questions,
    refused_questions,
    suggestions,
)
from services.access import system
from services.key_rotation import RotationRunning, encrypted_columns, rotate
from services.secret_key import UNREADABLE, KeyFile, SecretKeys, obtain_keys
from services.wechat import SignedIn
from tests.databases import ROOT, database_url, environment_of
from tests.test_application_files import picture, pieces
from tests.towns import PERSON, REQUEST, Town, town_below

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ASKED = "独角兽养殖有没有补贴呀？"


async def filled(town: Town) -> dict[str, Any]:
    """Keep something of every kind, and return what is needed to find it again."""
    keys, id_ = town.keys, town.application.id
    await ApplicationEvent.create(
        application_id=id_, position=1, kind="noted", at=NOW, staff_name="某人",
        content="{}", encrypted_note=keys.encrypt("打过电话"),
    )  # fmt: skip
    await Consultation.create(
        application_id=id_, party=PartyKind.THIRD_PARTY, encrypted_name=keys.encrypt("李四")
    )
    await OfficialLetter.create(
        application_id=id_, agency_id=town.ours.id, kind=LetterKind.N12_REPLY, title="答复书",
        encrypted_body=keys.encrypt("答复全文"),
    )  # fmt: skip
    await Staff.filter(id=town.clerk.staff_id).update(encrypted_totp_secret=keys.encrypt("TOTP"))
    file = await application_files.store(
        town.clerk, id_, FilePurpose.ATTACHMENT, "说明.png", pieces(picture()), keys=keys
    )
    draft = await application_drafts.begin(town.zone, at_kiosk=False, keys=keys, now=NOW)
    sent = await application_drafts.begin(town.zone, at_kiosk=False, keys=keys, now=NOW)
    async with in_transaction() as database:
        await application_drafts.settle(sent.id, town.application, NOW, database)
    await left_questions.leave("我想问一件事", venue=town.zone, keys=keys, now=NOW)
    await suggestions.leave("希望早点开门", venue=town.zone, keys=keys, now=NOW)
    await refused_questions.keep(ASKED, town.zone.id, keys=keys, now=NOW)
    await audit.record_alone(system(keys.sealing), audit.Action.SIGNED_IN)
    citizen = await citizens.sign_in(
        SignedIn("oRotated", "sessionkey", "oUnion"), "wx1", keys=keys, now=NOW
    )
    await citizen_agreement.agree(citizen, citizen_agreement.NOTICE_VERSION, now=NOW)
    await citizen_phones.keep(citizen, "13800001234", keys=keys)
    return {"file": file.id, "draft": draft.code}


async def everything_is_there(town: Town, keys: SecretKeys, filed: dict[str, Any]) -> None:
    """Read all of it with some keys."""
    row = await Application.get(id=town.application.id)
    assert await applicants.person_of(row, keys=keys) == PERSON
    assert applications.request_in(row, keys) == REQUEST
    officer = await town.person(Role.AGENCY_OFFICER, town.ours)
    for wanted in ({"name": PERSON.name}, {"identity": PERSON.identity_number}):
        assert await applicants.find(officer, keys=keys, **wanted) == [row.id]
    assert await applicants.find(officer, keys=keys, phone=PERSON.phone) == [row.id]
    applicant = await Applicant.get(application_id=row.id)
    for fact in ("5678", PERSON.name):
        assert applicants.knows_second_fact(applicant, row.query_code, fact, keys=keys)
    _, chunks = await application_files.opened(officer, filed["file"], keys=keys)
    assert b"".join([chunk async for chunk in chunks]) == picture()
    (event,), (letter,) = await ApplicationEvent.all(), await OfficialLetter.all()
    (consulted,), staff = await Consultation.all(), await Staff.get(id=town.clerk.staff_id)
    assert event.encrypted_note and consulted.encrypted_name and staff.encrypted_totp_secret
    assert keys.decrypt(event.encrypted_note) == "打过电话"
    assert keys.decrypt(consulted.encrypted_name) == "李四"
    assert keys.decrypt(letter.encrypted_body) == "答复全文"
    assert keys.decrypt(staff.encrypted_totp_secret) == "TOTP"
    assert (await application_drafts.find(filed["draft"], keys=keys, now=NOW)).code
    left = await LeftQuestion.get(origin=QuestionOrigin.LEFT)
    assert keys.decrypt(left.encrypted_text) == "我想问一件事"
    assert keys.decrypt((await Suggestion.get()).encrypted_text) == "希望早点开门"
    citizen = await citizens.by_openid("wx1", "oRotated", keys)
    assert citizen is not None and citizen.encrypted_session_key and citizen.encrypted_unionid
    assert citizens.openid_of(citizen, keys) == "oRotated"
    assert citizen_phones.phone_of(citizen, keys) == "13800001234"
    assert citizen.phone_hash in keys.keyed_hashes(citizen_phones.phone_words("13800001234"))
    assert keys.decrypt(citizen.encrypted_session_key) == "sessionkey"
    assert keys.decrypt(citizen.encrypted_unionid) == "oUnion"
    assert (await audit.verify(keys.sealing)).broken_at is None


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with town_below(tmp_path / "data") as made:
        yield made


async def test_everything_is_readable_and_found_and_the_old_key_opens_nothing(
    town: Town, tmp_path: Path
) -> None:
    key_file = tmp_path / "data" / "secret.key"
    filed = await filled(town)
    (old,) = KeyFile.read(key_file).masters
    done = await rotate(key_file, by="命令行")
    assert not done.was_resumed and done.unreadable == 0

    kept = KeyFile.read(key_file)
    assert len(kept.masters) == 1 and kept.masters[0] != old
    assert old not in key_file.read_bytes()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    await everything_is_there(town, kept.keys(), filed)
    await refused_questions.keep(ASKED, town.zone.id, keys=kept.keys(), now=NOW)
    assert (await LeftQuestion.get(origin=QuestionOrigin.REFUSED)).times == 2

    columns = 0
    for model, names in encrypted_columns().items():
        for row in await model.all().values(*names):
            for value in filter(None, row.values()):
                assert SecretKeys.of(old).decrypt(value) == UNREADABLE
                columns += 1
    # Found by what the new key hashes, not only by the old one that the key file keeps for others.
    new_alone = KeyFile(kept.masters).keys()
    assert await citizens.by_openid("wx1", "oRotated", new_alone)
    assert columns >= 20
    assert (await AuditRecord.get(action="keys_rotated")).staff_name == "命令行"


async def test_twice_is_as_good_as_once(town: Town, tmp_path: Path) -> None:
    key_file = tmp_path / "data" / "secret.key"
    filed = await filled(town)
    first = await rotate(key_file, by="命令行")
    second = await rotate(key_file, by="命令行")
    assert second.rows == first.rows and not second.was_resumed
    await everything_is_there(town, KeyFile.read(key_file).keys(), filed)


async def test_what_stopped_half_way_is_usable_and_is_taken_up_again(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_file = tmp_path / "data" / "secret.key"
    filed = await filled(town)
    done = 0
    encrypt_anew = SecretKeys.encrypted_anew

    def until_the_power_goes(keys: SecretKeys, encrypted: bytes) -> bytes:
        nonlocal done
        done += 1
        if done == 15:
            raise KeyboardInterrupt
        return encrypt_anew(keys, encrypted)

    with monkeypatch.context() as patched:
        patched.setattr(key_rotation, "ROWS_AT_ONCE", 1)
        patched.setattr(SecretKeys, "encrypted_anew", until_the_power_goes)
        with pytest.raises(KeyboardInterrupt):
            await rotate(key_file, by="命令行")
    assert len(KeyFile.read(key_file).masters) == 2
    await everything_is_there(town, obtain_keys(key_file), filed)
    rest = await rotate(key_file, by="命令行")
    assert rest.was_resumed and rest.unreadable == 0
    assert len(KeyFile.read(key_file).masters) == 1
    await everything_is_there(town, obtain_keys(key_file), filed)


async def test_what_no_key_opens_is_left_as_it_is(town: Town, tmp_path: Path) -> None:
    foreign = SecretKeys.of(Fernet.generate_key()).encrypt("别处的")
    await Applicant.all().update(encrypted_name=foreign)
    before = await Applicant.get(application_id=town.application.id)
    done = await rotate(tmp_path / "data" / "secret.key", by="命令行")
    assert done.unreadable == 1
    after = await Applicant.get(application_id=town.application.id)
    assert bytes(after.encrypted_name or b"") == foreign
    assert after.name_hash == before.name_hash
    keys = obtain_keys(tmp_path / "data" / "secret.key")
    assert keys.decrypt(after.encrypted_phone or b"") == PERSON.phone


async def test_every_column_of_bytes_is_encrypted_or_public(town: Town) -> None:
    assert Tortoise.apps is not None
    plain = {
        f"{model._meta.db_table}.{name}"
        for model in Tortoise.apps["models"].values()
        for name, field in model._meta.fields_map.items()
        if isinstance(field, BinaryField) and name not in encrypted_columns().get(model, [])
    }
    public = {"stored_file_part.data", "scan_image.data"}
    assert plain == public, "Originals of what is published, and codes to scan"


async def test_two_do_not_change_it_at_once(town: Town, tmp_path: Path) -> None:
    key_file = tmp_path / "data" / "secret.key"
    with FileLock(f"{key_file}.rotating"), pytest.raises(RotationRunning):
        await rotate(key_file, by="命令行")


def test_a_key_file_with_one_key_is_read_as_ever(tmp_path: Path) -> None:
    made = obtain_keys(tmp_path / "secret.key")
    content = (tmp_path / "secret.key").read_bytes()
    assert content == made.encryption and made == SecretKeys.of(content)
    assert made.earlier == () and made.keyed_hashes("x") == [made.keyed_hash("x")]


@asynccontextmanager
async def reopened(data_dir: Path) -> AsyncIterator[None]:
    await open_database(database_url(data_dir))
    try:
        yield
    finally:
        await close_database()


def run(*arguments: str, expected: int = 0) -> dict[str, Any]:
    result = CliRunner().invoke(main, [*arguments, "--json"])
    assert result.exit_code == expected, result.output
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


def test_the_command_waits_for_the_server_to_stop_and_backups_fit_their_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_dir, archive = tmp_path / "data", str(tmp_path / "zone.backup")
    for name, value in environment_of(data_dir).items():
        monkeypatch.setenv(name, value)

    async def build() -> tuple[Town, dict[str, Any]]:
        async with town_below(data_dir) as town:
            return town, await filled(town)

    town, filed = asyncio.run(build())
    before = run("backup", archive)
    assert before["file"] == archive

    # Another process has the database open, as a server has.
    code = (
        "import asyncio, sys\n"
        "from models.database import open_database\n"
        "from models.venue import Venue\n"
        "async def hold():\n"
        "    await open_database(sys.argv[1])\n"
        "    await Venue.all().count()\n"
        "    print('open', flush=True)\n"
        "    await asyncio.to_thread(sys.stdin.read)\n"
        "asyncio.run(hold())\n"
    )
    holding = subprocess.Popen(
        [sys.executable, "-c", code, database_url(data_dir)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert holding.stdout and holding.stdin
    try:
        assert holding.stdout.readline() == b"open\n"
        error = run("keys", "rotate", expected=1)["error"]
        assert error["code"] == "installation_in_use" and "更换密钥" in error["message"]
    finally:
        holding.kill()
        holding.wait(30)
        holding.stdout.close()
        holding.stdin.close()
    old = obtain_keys(data_dir / "secret.key")

    assert run("keys", "rotate")["rows"] > 10
    new = obtain_keys(data_dir / "secret.key")
    assert new.encryption != old.encryption and new.sealing == old.sealing
    run("restore", "--replace", archive)
    assert obtain_keys(data_dir / "secret.key") == old

    async def look(keys: SecretKeys) -> None:
        async with reopened(data_dir):
            await everything_is_there(town, keys, filed)

    asyncio.run(look(old))
    run("keys", "rotate")
    again = str(tmp_path / "again.backup")
    run("backup", again)
    run("restore", "--replace", again)
    asyncio.run(look(obtain_keys(data_dir / "secret.key")))
