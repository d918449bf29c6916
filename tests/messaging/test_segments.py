"""How texts are counted: against two libraries that others count with, and by our script."""

import json
import random
import shutil
import subprocess
from pathlib import Path

import gsm0338
import pytest
import smsutil
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.messaging import segments

SCRIPT = Path(__file__).resolve().parents[2] / "static/js/messaging.js"
LETTERS = st.text(
    st.one_of(
        st.sampled_from(sorted(segments.BASIC)),
        st.sampled_from(sorted(segments.EXTENSION)),
        st.characters(exclude_categories=("Cs",), exclude_characters="\0"),
    ),
    max_size=700,
)
GSM = st.text(st.sampled_from(sorted((segments.BASIC | segments.EXTENSION) - {"\r"})), max_size=700)


def test_the_alphabet_is_the_standards() -> None:
    codec = gsm0338.Codec()
    for letter in sorted(segments.BASIC | segments.EXTENSION):
        septets = len(codec.encode(letter)[0])
        assert septets == (2 if letter in segments.EXTENSION else 1), repr(letter)


@settings(max_examples=400, deadline=None)
@given(st.one_of(LETTERS, GSM))
def test_segments_are_those_of_smsutil(text: str) -> None:
    text = segments.clean(text)
    if not text:
        return
    assert segments.count(text).segments == len(smsutil.split(text).parts)


@settings(max_examples=400, deadline=None)
@given(LETTERS)
def test_the_price_shown_is_never_below_the_charge(text: str) -> None:
    text = segments.clean(text)[: segments.LONGEST]
    billed = -(-len(text) // 160)  # as the document says, whatever the alphabet
    assert segments.at_most(text, 7500) >= billed * 7500


def test_an_extension_character_and_a_pair_are_never_split() -> None:
    assert segments.count("a" * 152 + "€" + "b" * 153).segments == 3
    assert segments.count("a" * 66 + "😀" + "b" * 66).segments == 3


def test_the_characters_that_cost_are_named_and_have_plain_ones() -> None:
    found = segments.count("we’ve “moved”")
    assert found.odd == ("’", "“", "”")
    assert segments.plainer("we’ve “moved”… ő") == 'we\'ve "moved"... o'
    assert not segments.count(segments.plainer("we’ve “moved”…")).ucs


def test_the_text_is_one_form_whatever_was_typed() -> None:
    assert segments.clean("  a\r\nb\r\n ") == "a\nb"
    assert segments.clean("e\u0301") == "é"


@pytest.mark.skipif(not shutil.which("node"), reason="no node to run the script with")
def test_the_script_counts_as_the_server_does(tmp_path: Path) -> None:
    chance = random.Random(20)
    pool = [*segments.BASIC, *segments.EXTENSION, *segments.PLAIN, "😀", "漢", "ő", "é", "e\u0301"]
    texts = ["".join(chance.choices(pool, k=chance.randint(0, 400))) for _ in range(300)]
    texts += ["", " ", "\r\n a \r\n", "x" * 160, "x" * 161, "€" * 80, "€" * 81, "漢" * 71]
    # the script's own lines, with a page that holds nothing but the table
    body = (
        SCRIPT.read_text().replace("export const", "const").split('const form = $("[data-comp')[0]
    )
    given = json.dumps(json.dumps(segments.table()))
    page = f"globalThis.document = {{querySelector: () => ({{textContent: {given}}})}};\n"
    ends = (
        "\nconst told = JSON.parse(require('fs').readFileSync(0, 'utf8')).map((each) => {"
        "const letters = clean(each);"
        "return [letters.join(''), count(letters).segments, plainer(each)];});"
        "process.stdout.write(JSON.stringify(told));"
    )
    file = tmp_path / "count.cjs"
    file.write_text(page + body + ends)
    run = subprocess.run(
        ["node", str(file)], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    ours = [
        [
            segments.clean(each),
            segments.count(segments.clean(each)).segments,
            segments.plainer(each),
        ]
        for each in texts
    ]
    assert json.loads(run.stdout) == ours
