"""Sessions, one-time links, identities, guests and kept answers, on both databases."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from guiju.base.diagnostics import Refused
from guiju.store.access import (
    ANSWERS_KEPT,
    GRACE,
    INVITED_FOR,
    LONGEST,
    ROTATED_EVERY,
    accept,
    account_known_elsewhere,
    begin_answer,
    begin_session,
    end_answer,
    end_session,
    first_organisation,
    guests,
    invite,
    invite_guest,
    invited,
    needs_administrator,
    remove_guest,
    session_of,
    sets_as_guest,
)
from guiju.store.database import Store, database_clock
from guiju.store.migrate import make_store
from guiju.store.people import account_of, disable, make_account, signed_in
from store.stores import Places, fill

PASSWORD = "correct horse battery"


def made(places: Places) -> Store:
    store = places.new()
    make_store(store, "test")
    return store


def later(store: Store, by: timedelta) -> None:
    object.__setattr__(store, "clock", lambda connection: database_clock(connection) + by)


def test_a_session_is_changed_from_time_to_time_and_ends_at_last(places: Places) -> None:
    store = made(places)
    account = make_account(store, "wang", first_organisation(store), "test")
    token = begin_session(store, account)
    found = session_of(store, token)
    assert found is not None and found.account.name == "wang" and found.token is None and session_of(store, token + "x") is None
    later(store, ROTATED_EVERY)
    changed = session_of(store, token)
    assert changed is not None and changed.token is not None
    old = session_of(store, token)
    assert old is not None and old.token is None, "the text before is taken for a moment and not changed again"
    later(store, ROTATED_EVERY + GRACE + timedelta(seconds=5))
    assert session_of(store, token) is None and session_of(store, changed.token) is not None
    current = changed.token
    for hours in range(7, int(LONGEST / timedelta(hours=1)) + 8, 7):
        later(store, timedelta(hours=hours))
        held = session_of(store, current)
        if held is None:
            break
        current = held.token or current
    assert held is None and hours >= LONGEST / timedelta(hours=1), "however much it is used it ends after a week"


def test_a_session_ends_with_who_has_it(places: Places) -> None:
    store = made(places)
    account = make_account(store, "wang", first_organisation(store), "test")
    first, second = begin_session(store, account), begin_session(store, account)
    end_session(store, first)
    assert session_of(store, first) is None and session_of(store, second) is not None
    disable(store, account, "test")
    assert session_of(store, second) is None


def test_a_link_works_once_and_not_for_ever(places: Places) -> None:
    store = made(places)
    link = invite(store, "test", role="admin")
    assert invited(store, link) == (True, None) and needs_administrator(store)
    done: list[str] = []

    def use(name: str) -> None:
        try:
            done.append(accept(store, link, name, PASSWORD))
        except Refused as refused:
            assert [each.code for each in refused.diagnostics] == ["invitation-void"]

    together = [threading.Thread(target=use, args=(f"admin{n}",)) for n in range(4)]
    for each in together:
        each.start()
    for each in together:
        each.join()
    assert len(done) == 1 and not needs_administrator(store)
    admin = account_of(store, done[0])
    assert {role for _, role in admin.roles} == {"admin"} and signed_in(store, admin.name, PASSWORD) is not None
    again = invite(store, admin.id, make_account(store, "li", admin.organisation, admin.id))
    assert invited(store, again) == (True, "li")
    later(store, INVITED_FOR + timedelta(seconds=1))
    assert invited(store, again) == (False, None)


def test_one_who_comes_from_elsewhere_twice_at_once_is_one(places: Places) -> None:
    store = made(places)
    found: list[str] = []
    together = [threading.Thread(target=lambda: found.append(account_known_elsewhere(store, "https://i", "7", "sun", "孙").id)) for _ in range(4)]
    for each in together:
        each.start()
    for each in together:
        each.join()
    assert len(found) == 4 and len(set(found)) == 1 and account_of(store, "sun").title == "孙"


def test_a_guest_sees_a_set_until_the_invitation_is_taken_back(places: Places) -> None:
    filled = fill(made(places))
    store, set_ = filled.store, filled.records.id
    guest = make_account(store, "guest", filled.organisation, "test")
    for _ in range(2):
        invite_guest(store, set_, guest, "test")
    assert guests(store, set_) == [guest] and sets_as_guest(store, guest) == [set_]
    remove_guest(store, set_, guest, "test")
    assert guests(store, set_) == [] and sets_as_guest(store, guest) == []


def test_an_answer_is_kept_for_who_asks_again(places: Places) -> None:
    store = made(places)
    account = make_account(store, "wang", first_organisation(store), "test")
    assert begin_answer(store, account, "k", "a" * 64) is None
    end_answer(store, account, "k", 201, "{}")
    assert begin_answer(store, account, "k", "a" * 64) == (201, "{}")
    with pytest.raises(Refused):
        begin_answer(store, account, "k", "b" * 64)
    later(store, ANSWERS_KEPT + timedelta(seconds=1))
    assert begin_answer(store, account, "k", "b" * 64) is None
