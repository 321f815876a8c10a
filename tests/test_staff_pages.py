"""An administrator keeps accounts, and everybody their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyotp
import pytest

from models.audit_record import AuditRecord
from models.staff import Role, Staff
from server.rate_limit import RateLimit
from services.staff import FREE_TRIES
from tests.doors import Doors, open_doors
from tests.people import PASSWORD, AtTheConsole, at_the_console, first_venue, hire

NEW = "一个谁也猜不到的新密码"


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("staff")) as opened:
        yield opened


@pytest.fixture(autouse=True)
def patient(doors: Doors) -> None:
    """One address signs in more often here than it may."""
    doors.context.sign_in_limit = RateLimit(1000)


@pytest.fixture
def administrator(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.ADMINISTRATOR) as signed_in:
        yield signed_in


def shown_password(page: str) -> str:
    found = re.search(r'id="first-password">([^<]+)<', page)
    assert found, page
    return found[1]


def account(doors: Doors, **by: object) -> Staff:
    async def found() -> Staff:
        return await Staff.get(**by)

    return doors.run(found())


def test_a_new_clerk_signs_in_with_the_password_shown_once_and_must_change_it(
    doors: Doors, administrator: AtTheConsole
) -> None:
    venue = first_venue(doors)
    made = administrator.sends(
        "/console/staff/new", username="LiMin", display_name="李敏", role="clerk", venues=[venue]
    )
    password = shown_password(made.text)
    staff_id = account(doors, username="limin").id
    for path in ("/console/staff", f"/console/staff/{staff_id}"):
        assert password not in administrator.sees(path)
    with doors.client() as client:
        clerk = AtTheConsole(client, "limin", staff_id)
        assert clerk.sign_in(password).status_code == 303
        sent_on = client.get("/console/help-calls", headers={"Accept": "text/html"})
        assert sent_on.headers["location"] == "/console/new-password"
        page = client.get("/console/new-password").text
        token = page.partition('data-form-token="')[2].partition('"')[0]
        form = {"form_token": token, "current": password, "new": NEW, "again": NEW}
        assert client.post("/console/new-password", data=form).status_code == 303
        assert clerk.looks("/console/help-calls") == 200
    assert "李敏" in administrator.sees("/console/staff")


@pytest.mark.parametrize(
    ("form", "told"),
    [
        pytest.param({"username": "x y"}, "用户名请用", id="a name that cannot be typed"),
        pytest.param({"username": ""}, "请填写用户名", id="no name"),
        pytest.param({"display_name": ""}, "请填写姓名", id="nobody"),
        pytest.param({"role": "king"}, "请选择岗位", id="no such role"),
        pytest.param({"venues": []}, "至少要选一个所属专区", id="a clerk of nowhere"),
        pytest.param(
            {"role": "agency_officer"}, "至少要选一个所属机关", id="an officer of nothing"
        ),
    ],
)
def test_an_account_that_cannot_be_is_told_and_nothing_typed_is_lost(
    doors: Doors, administrator: AtTheConsole, form: dict[str, object], told: str
) -> None:
    usual = {"username": "zhanghua", "display_name": "张华", "role": "clerk"}
    usual |= {"venues": [first_venue(doors)]}
    refused = administrator.sends("/console/staff/new", **(usual | form))
    assert refused.status_code == 422
    assert told in refused.text
    if form.get("display_name") is None:
        assert "张华" in refused.text


def test_a_username_that_somebody_has_is_refused(doors: Doors, administrator: AtTheConsole) -> None:
    username, _ = hire(doors, Role.CLERK)
    refused = administrator.sends(
        "/console/staff/new", username=username, display_name="重名", role="administrator"
    )
    assert refused.status_code == 422
    assert "已经有人用了" in refused.text


def test_a_deactivated_account_is_out_at_once_and_may_come_back(
    doors: Doors, administrator: AtTheConsole
) -> None:
    with at_the_console(doors, Role.CLERK) as clerk:
        assert clerk.looks("/console/help-calls") == 200
        administrator.sends(f"/console/staff/{clerk.staff_id}/closed")
        assert clerk.looks("/console/help-calls") == 401
        assert clerk.sign_in().status_code == 403
        administrator.sends(f"/console/staff/{clerk.staff_id}/opened")
        assert clerk.sign_in().status_code == 303


def test_a_reset_password_signs_out_everywhere_and_ends_the_waiting(
    doors: Doors, administrator: AtTheConsole
) -> None:
    with at_the_console(doors, Role.CLERK) as clerk:
        for _ in range(FREE_TRIES):
            clerk.client.post(
                "/console/sign-in", data={"username": clerk.username, "password": "wrong wrong"}
            )
        assert "输错密码" in administrator.sees("/console/staff")
        reset = administrator.sends(f"/console/staff/{clerk.staff_id}/password")
        assert clerk.looks("/console/help-calls") == 401
        assert clerk.sign_in().status_code == 403, "the old one is worth nothing"
        assert clerk.sign_in(shown_password(reset.text)).status_code == 303


def test_a_change_of_role_holds_from_the_next_page_on(
    doors: Doors, administrator: AtTheConsole
) -> None:
    with at_the_console(doors, Role.CLERK) as person:
        assert person.looks("/console/help-calls") == 200
        changed = administrator.sends(
            f"/console/staff/{person.staff_id}",
            display_name="改名", role="reviewer", venues=[first_venue(doors)],
        )  # fmt: skip
        assert changed.status_code == 303
        assert person.looks("/console/help-calls") == 403
        assert "改名" in person.sees("/console")


def test_nobody_locks_out_the_last_administrator(tmp_path_factory: pytest.TempPathFactory) -> None:
    with (
        open_doors(tmp_path_factory.mktemp("last")) as doors,
        at_the_console(doors, Role.ADMINISTRATOR) as last,
    ):
        own = f"/console/staff/{last.staff_id}"
        last.sends(f"{own}/closed")
        assert "最后一个" in last.sees(own)
        demoted = last.sends(own, display_name="某人", role="clerk", venues=[first_venue(doors)])
        assert demoted.status_code == 422
        assert "最后一个" in demoted.text
        assert last.looks("/console/staff") == 200
        _, other = hire(doors, Role.ADMINISTRATOR)
        last.sends(f"/console/staff/{other}/closed")
        last.sends(f"{own}/closed")
        assert last.looks("/console/staff") == 200, "a closed one is no other one"
        last.sends(f"/console/staff/{other}/opened")
        last.sends(f"{own}/closed")
        assert last.looks("/console/staff") == 401


def test_a_second_factor_is_set_up_used_and_reset_by_the_administrator(
    doors: Doors, administrator: AtTheConsole
) -> None:
    with at_the_console(doors, Role.REVIEWER) as reviewer:
        page = reviewer.sees("/console/me/second-factor")
        assert "<svg" in page
        secret = re.search(r'<code class="address">([^<]+)</code>', page)
        sealed = re.search(r'name="sealed" value="([^"]+)"', page)
        assert secret and sealed
        totp = pyotp.TOTP(secret[1].replace(" ", ""))
        form = {"sealed": sealed[1], "code": totp.now(), "password": PASSWORD}
        address = "/console/me/second-factor"
        wrong_code = reviewer.sends(address, **(form | {"code": "000000"}))
        assert wrong_code.status_code == 422
        assert secret[1] in wrong_code.text, "the same secret stays on the page"
        assert reviewer.sends(address, **(form | {"password": "wrong"})).status_code == 422
        assert account(doors, id=reviewer.staff_id).encrypted_totp_secret is None
        assert reviewer.sends(address, **form).status_code == 303
        kept = account(doors, id=reviewer.staff_id).encrypted_totp_secret
        assert kept is not None
        assert secret[1].replace(" ", "").encode() not in kept
        assert reviewer.sign_in(code=form["code"]).status_code == 403, "used up by confirming"
        administrator.sends(f"/console/staff/{reviewer.staff_id}/second-factor")
        assert reviewer.looks("/console/me") == 401
        assert reviewer.sign_in().status_code == 303


def test_a_secret_offered_to_somebody_else_is_worth_nothing(doors: Doors) -> None:
    with at_the_console(doors, Role.CLERK) as one, at_the_console(doors, Role.CLERK) as other:
        page = one.sees("/console/me/second-factor")
        secret = re.search(r'<code class="address">([^<]+)</code>', page)
        sealed = re.search(r'name="sealed" value="([^"]+)"', page)
        assert secret and sealed
        code = pyotp.TOTP(secret[1].replace(" ", "")).now()
        for given in (sealed[1], "nonsense"):
            refused = other.sends(
                "/console/me/second-factor", sealed=given, code=code, password=PASSWORD
            )
            assert refused.status_code == 422
        assert account(doors, id=other.staff_id).encrypted_totp_secret is None


def test_somebody_sees_and_ends_their_other_sessions_and_no_one_elses(doors: Doors) -> None:
    with at_the_console(doors, Role.CLERK) as clerk, at_the_console(doors, Role.CLERK) as stranger:
        with doors.client() as client:
            elsewhere = AtTheConsole(client, clerk.username, clerk.staff_id)
            elsewhere.sign_in()
            page = clerk.sees("/console/me")
            assert page.count("就是这里") == 1
            other = re.search(r'name="session" value="(\d+)"', page)
            assert other
            stranger.sends("/console/me/sessions/ended", session=other[1])
            assert elsewhere.looks("/console/me") == 200
            clerk.sends("/console/me/sessions/ended", session=other[1])
            assert elsewhere.looks("/console/me") == 401
            elsewhere.sign_in()
            clerk.sends("/console/me/sessions/ended")
            assert elsewhere.looks("/console/me") == 401
        assert clerk.looks("/console/me") == 200


def test_every_change_of_an_account_is_on_record_without_its_password(
    doors: Doors, administrator: AtTheConsole
) -> None:
    _, somebody = hire(doors, Role.CLERK)
    reset = administrator.sends(f"/console/staff/{somebody}/password")
    administrator.sends(f"/console/staff/{somebody}/closed")

    async def recorded() -> list[AuditRecord]:
        return await AuditRecord.filter(subject=f"staff:{somebody}").order_by("number")

    rows = doors.run(recorded())
    assert [row.action for row in rows] == ["staff_changed"] * 3
    assert all(row.staff_id == administrator.staff_id for row in rows[1:])
    assert all(shown_password(reset.text) not in row.detail for row in rows)
