"""Discord's limits: what is too long is cut at a line, and the whole is attached."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.doors.discord.scenes import Scene, play
from tests.fakes.discord import contract as contracts
from tests.fakes.discord.limits import broken
from tests.making import FAQ, knowledge
from triagebot.doors.discord import limits
from triagebot.doors.discord.attention import Channels, Place, Seen, place_of, without_quotes
from triagebot.doors.discord.cards import card
from triagebot.doors.discord.cooldown import Cooldown
from triagebot.doors.discord.showing import shown
from triagebot.pipeline import Triage
from triagebot.redaction import redact

LINES = "".join(f"      line {n} of the fix: {'x' * 60}\n" for n in range(200))
LONG = FAQ.replace('{en: "Fill it.", zh: "加水。"}', f"|\n{LINES}")


@given(st.text(alphabet=st.sampled_from("ab \n`*_[]😀报错"), max_size=9000), st.text(max_size=3000))
def test_no_card_breaks_a_limit(text: str, note: str) -> None:
    """Whatever a FAQ and a report make of it: description, footer and whole stay within Discord's limits."""
    made = shown(card(text, note, more="*The whole answer is in the attached file.*"))
    assert broken({"embeds": [made["embed"].to_dict()]}) == {}


@given(st.text(alphabet=st.sampled_from("a\n`😀"), max_size=400), st.integers(20, 300))
def test_a_cut_text_is_made_of_whole_lines_and_closes_its_code(text: str, limit: int) -> None:
    """Nothing is added but the end of a code block and an ellipsis."""
    kept, was_cut = limits.cut(text, limit)
    assert limits.length(kept) <= limit
    assert was_cut == (limits.length(text) > limit)
    if was_cut:
        assert kept.endswith("…")


def test_a_long_answer_comes_with_the_whole_as_a_file(tmp_path: Path) -> None:
    """The card ends at a line and says where the rest is; the file holds every line."""

    async def act(scene: Scene) -> None:
        asked = await scene.people.slash("triage", {"text": "heater 3 is dry"})
        told = await asked.words()
        assert "line 10 of the fix" in told
        assert "line 199 of the fix" not in told
        assert "attached file" in told
        (call,) = scene.discord.rest.made("PATCH /webhooks/.*")
        ((name, content),) = call.files.values()
        assert name == "answer.md"
        assert "line 199 of the fix" in content.decode()

    play(tmp_path, act, core=Triage(knowledge(LONG)))


def test_the_contract_is_at_hand() -> None:
    """Discord's own OpenAPI document checks every body of these tests, where it is."""
    document = contracts.contract()
    if document is None:
        told = (
            f"NOT CHECKED against Discord's OpenAPI document: {contracts.PLACE.name} is not here (DISCORD_OPENAPI=FILE)"
        )
        pytest.skip(told)
    assert document.request("POST", "/channels/1/messages", {"content": 5}) != []
    assert document.request("POST", "/channels/1/messages", {"contents": "a slip of the pen"}) != []
    assert document.request("POST", "/channels/1/messages", {"content": "well"}) == []


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"embeds": [{"description": "x" * 4097}]}, "embed.description"),
        ({"embeds": [{"description": "x" * 3500}, {"description": "x" * 2501}]}, "embeds"),
        ({"embeds": [{"fields": [{"name": "n", "value": ""}]}]}, "field.value"),
        ([{"name": "Upper", "description": "d"}], "name"),
        ([{"name": "ok"}], "description"),
    ],
)
def test_the_stand_in_refuses_what_the_document_misses(body: object, place: str) -> None:
    """Limits that Discord keeps and its document does not tell."""
    assert place in broken(body)


def test_places_are_told_apart() -> None:
    """First posts, cries for help, mentions; everything else is nothing."""
    where = Channels(posts=frozenset({1}), help=frozenset({2}))
    assert place_of(Seen(message=9, channel=9, parent=1), where) is Place.POST
    assert place_of(Seen(message=8, channel=9, parent=1), where) is Place.NOTHING
    assert place_of(Seen(message=8, channel=9, parent=1, mentions_us=True), where) is Place.MENTION
    assert place_of(Seen(message=8, channel=2), where) is Place.HELP
    assert place_of(Seen(message=8, channel=2, refers=True), where) is Place.NOTHING
    assert place_of(Seen(message=9, channel=9, parent=1, from_machine=True), where) is Place.NOTHING
    assert place_of(Seen(message=8, channel=3), Channels()) is Place.NOTHING


def test_quoted_lines_are_not_the_persons_own() -> None:
    """One line with one mark, all that follows with three."""
    assert without_quotes("> old\nmine\n>>> all\nof this") == "mine"


def test_a_cooldown_lets_a_few_through_and_then_one_at_a_time() -> None:
    """It says how long to wait, and a refused question costs nothing."""
    cooldown = Cooldown(2, 10.0)
    assert [cooldown.wait(1, 0.0), cooldown.wait(1, 0.0), cooldown.wait(1, 1.0), cooldown.wait(1, 1.0)] == [0, 0, 9, 9]
    assert cooldown.wait(2, 1.0) == 0
    assert cooldown.wait(1, 10.0) == 0


@pytest.mark.parametrize(
    "harmless",
    [
        "KeyError: 'pad_token=[PAD]'",
        "token: str = None",
        "torch.nn.modules.module.Module has no attribute xyz",
        "commit 3f786850e387550fdab836ed7e6dc881de23001b",
        "https://github.com/open-mmlab/mmdetection/issues/1",
        "secret = load_secret(path1)",
    ],
)
def test_what_is_no_secret_is_kept(harmless: str) -> None:
    """Redaction must not eat errors."""
    assert redact(harmless) == harmless


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("pip install git+https://me:ghs4cr3t@host/x", "pip install git+https://[redacted]@host/x"),
        ("WANDB_API_KEY=0123456789abcdef0123", "WANDB_API_KEY=[redacted]"),
        ('{"password": "hunter2hunter2"}', '{"password": "[redacted]"}'),
        ("Authorization: Bearer abcdefghijklmnop123", "Authorization: Bearer [redacted]"),
        ("C:\\Users\\Alice\\x.py /Users/bob/y /home/carol", "C:\\Users\\user\\x.py /Users/user/y /home/user"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc=\n-----END RSA PRIVATE KEY-----\nx", "[redacted]\n\n\n\nx"),
    ],
)
def test_secrets_are_taken_out_and_lines_keep_their_numbers(text: str, kept: str) -> None:
    """Passwords in addresses, keys by their name, private keys, names of home folders."""
    assert redact(text) == kept
