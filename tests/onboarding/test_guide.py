"""The order of cards, resuming, and where Done and Back lead."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.content import read_steps
from bot.faq.model import Phone, Stage, Step
from bot.onboarding import guide
from bot.onboarding.guide import Guide, NoCards, key_of

CONTENT = Path(__file__).parents[2] / "faq"
REAL = Guide(read_steps(CONTENT))


def step(
    identifier: str, order: int, stage: Stage, phones: tuple[Phone, ...] = (), language: str = "zh"
) -> Step:
    return Step(identifier, order, language, stage, identifier, phones, (), "")


STEPS = [
    step("get", 10, Stage.INSTALL, (Phone.ANDROID, Phone.IPHONE, Phone.HARMONY, Phone.HELPED)),
    step("allow", 11, Stage.INSTALL, (Phone.ANDROID,)),
    step("sms", 20, Stage.LOGIN, (Phone.ANDROID, Phone.IPHONE, Phone.HARMONY, Phone.HELPED)),
    step("sms", 20, Stage.LOGIN, (Phone.ANDROID,), "en"),
    step("helper", 10, Stage.INSTALL, (Phone.NONE,)),
    step("pay", 40, Stage.PAY),
]
SMALL = Guide(STEPS)
ANDROID = SMALL.way(Phone.ANDROID, "zh_CN")


def ids(way: guide.Way) -> list[str]:
    return [each.id for each in way]


def test_each_phone_has_its_cards_in_order() -> None:
    assert ids(ANDROID) == ["get", "allow", "sms", "pay"]
    assert ids(SMALL.way(Phone.IPHONE, "zh_CN")) == ["get", "sms", "pay"]
    assert ids(SMALL.way(Phone.NONE, "zh_CN")) == ["helper", "pay"]


def test_a_card_without_translation_comes_in_the_default_language() -> None:
    assert [each.language for each in SMALL.way(Phone.ANDROID, "en")] == ["zh", "zh", "en", "zh"]
    assert [each.language for each in SMALL.way(Phone.ANDROID, "fr")] == ["zh"] * 4


def test_a_phone_without_cards_is_refused() -> None:
    with pytest.raises(NoCards, match="iphone"):
        Guide([step("get", 1, Stage.INSTALL, (Phone.ANDROID,))])


@pytest.mark.parametrize(
    ("phone", "stood_at", "done", "expected"),
    [
        (Phone.IPHONE, "sms", set(), "sms"),
        (Phone.IPHONE, "allow", set(), "get"),  # not on this phone: the nearest of its stage
        (Phone.NONE, "allow", set(), "helper"),
        (Phone.NONE, "sms", {"helper"}, "pay"),  # no such stage on this way: what is not done yet
        (Phone.ANDROID, "gone", {"get"}, "allow"),  # no longer in the content
        (Phone.ANDROID, "gone", {"get", "allow", "sms", "pay"}, "pay"),
    ],
)
def test_resuming(phone: Phone, stood_at: str, done: set[str], expected: str) -> None:
    assert SMALL.resume(SMALL.way(phone, "zh_CN"), stood_at, done).id == expected


@pytest.mark.parametrize(
    ("current", "tapped", "done_before", "expected"),
    [
        ("get", "get", set(), "allow"),
        ("sms", "get", set(), "sms"),  # an old card: nobody is sent back
        ("get", "sms", set(), "pay"),  # a card further on
        ("pay", "pay", {"get", "sms"}, "allow"),  # one was passed over
        ("allow", "allow", {"get", "sms", "pay"}, None),  # it was the only one left
        ("pay", "pay", {"get", "allow", "sms"}, None),
        ("get", "get", {"get", "allow", "sms", "pay"}, "allow"),  # a further walk through all of it
        ("pay", "pay", {"get", "allow", "sms", "pay"}, None),
        ("sms", "helper", set(), "sms"),  # a card of the phone they had before
    ],
)
def test_done(current: str, tapped: str, done_before: set[str], expected: str | None) -> None:
    here = next(each for each in ANDROID if each.id == current)
    found = guide.after_done(ANDROID, here, tapped, done_before)
    assert (None if found is None else found.id) == expected


def test_back() -> None:
    assert [getattr(guide.before(ANDROID, each), "id", None) for each in ids(ANDROID)] == [
        None,
        "get",
        "allow",
        "sms",
    ]
    assert guide.before(ANDROID, "helper") is None


def test_a_stage_is_done_with_its_last_card() -> None:
    assert guide.stages_done(ANDROID, {"get"}) == []
    assert guide.stages_done(ANDROID, {"get", "allow"}) == [Stage.INSTALL]
    assert guide.stages_done(ANDROID, set(ids(ANDROID))) == [Stage.INSTALL, Stage.LOGIN, Stage.PAY]


@pytest.mark.parametrize("phone", Phone)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_content_leads_every_phone_to_the_end(phone: Phone, language: str) -> None:
    way = REAL.way(phone, language)
    done: set[str] = set()
    here = way[0]
    for _ in way:
        following = guide.after_done(way, here, here.id, done)
        done.add(here.id)
        if following is None:
            break
        here = following
    assert done == set(ids(way))
    assert {each.language for each in way} == {language.split("_", maxsplit=1)[0]}
    stages = [each.stage for each in way]
    assert stages == sorted(stages, key=guide.STAGES.index)
    assert stages[-1] is Stage.PAY


@given(st.sampled_from(list(Phone)), st.sampled_from(list(Phone)), st.data())
def test_changing_the_phone_keeps_the_stage(before: Phone, after: Phone, data: st.DataObject) -> None:
    way = REAL.way(after, "zh_CN")
    stood_at = data.draw(st.sampled_from(REAL.way(before, "zh_CN")))
    found = REAL.resume(way, stood_at.id, set())
    assert found in way
    if any(each.stage is stood_at.stage for each in way):
        assert found.stage is stood_at.stage
    if stood_at.id in ids(way):
        assert found.id == stood_at.id


@given(st.sampled_from(list(Phone)), st.lists(st.integers(0, 30), max_size=60))
def test_whatever_cards_are_tapped_done_never_loses_progress(phone: Phone, taps: list[int]) -> None:
    way = REAL.way(phone, "zh_CN")
    here, done = way[0], set[str]()
    for tap in taps:
        tapped = way[tap % len(way)].id
        following = guide.after_done(way, here, tapped, done)
        done.add(tapped)
        if following is None:
            assert done == set(ids(way))
        else:
            assert following.id not in done or way.index(following) >= way.index(here)
            here = following


def test_keys_are_the_same_for_ever() -> None:
    assert key_of("login-code") == 846_530_674
    assert REAL.id_of(846_530_674) == "login-code"
    assert REAL.id_of(1) is None
