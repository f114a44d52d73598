import subprocess
import sys

import pytest

from attnaudit.claims import AUDITS, default_claims, load_claims
from attnaudit.errors import ClaimError, UsageError


def refusal(path):
    with pytest.raises(ClaimError) as caught:
        load_claims(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "pydantic" not in message
    assert "validation error" not in message
    return message


def test_a_file_is_read_into_claims_in_its_order(claims_file, claim_table):
    path = claims_file(claim_table(id='"b"'), claim_table(id='"a"', importance='"leave-one-out"'))
    found = load_claims(path)

    assert [claim.id for claim in found.claims] == ["b", "a"]
    assert [claim.parameters for claim in found.claims] == [
        {"importance": "gradient"},
        {"importance": "leave-one-out"},
    ]
    assert found.source == str(path)


def test_the_digest_names_what_is_claimed_and_not_how_it_is_written(claims_file, claim_table):
    first, second = claim_table(id='"a"'), claim_table(id='"b"')
    digest = load_claims(claims_file(first, second)).digest

    assert load_claims(claims_file("# a comment\n", second, first)).digest == digest
    spelled_out = claim_table(id='"a"', statistic='"mean"', required="true")
    assert load_claims(claims_file(spelled_out, second)).digest == digest
    changed = claim_table(id='"a"', at_least="0.4")
    assert load_claims(claims_file(changed, second)).digest != digest


def test_the_default_claims_cover_every_audit():
    found = default_claims()
    limits = {
        (claim.audit, claim.quantity, claim.direction, claim.threshold, claim.statistic)
        for claim in found.claims
    }

    assert found.source == "package default"
    assert limits == {
        ("agreement", "tau", "at_least", 0.5, "mean"),
        ("permutation", "tvd", "at_least", 0.1, "mean"),
        ("adversary", "share-of-free-maximum", "at_most", 0.5, "mean"),
        ("exchange", "logit-share-above-null", "at_most", -0.1, "mean"),
        ("exchange", "output-share", "at_most", 0.25, "mean"),
        ("inversion", "decision-weakened-above-null", "at_least", 0.15, "mean"),
        ("randomisation", "tau", "at_most", 0.5, "mean"),
    }
    assert {claim.parameters["importance"] for claim in found.claims[:2]} == {
        "gradient",
        "leave-one-out",
    }
    assert {claim.min_tokens for claim in found.claims} == {2, 11}
    assert {claim.audit for claim in found.claims} == set(AUDITS)
    assert [claim.id for claim in found.claims if not claim.required] == [
        "highlight-cannot-be-moved",
        "depends-on-what-the-encoder-learnt",
    ]


def test_default_claims_of_one_audit_about_the_same_attention_share_one_measurement():
    exchange = [claim for claim in default_claims().claims if claim.audit == "exchange"]
    assert len(exchange) == 2
    assert exchange[0].parameters == exchange[1].parameters


def test_in_a_document_too_short_for_the_claim_one_exchange_exceeds_its_threshold():
    [claim] = [one for one in default_claims().claims if one.id == "top-position-is-special"]
    assert 1 / (claim.min_tokens - 1) <= abs(claim.threshold) < 1 / (claim.min_tokens - 2)


def test_the_default_claims_speak_of_words_where_words_change_and_of_positions_elsewhere():
    for claim in default_claims().claims:
        noun, other = "position", "word"
        if claim.audit == "agreement":
            noun, other = other, noun
        assert noun in claim.statement
        assert other not in claim.statement
        assert claim.source is not None


def test_reading_claims_needs_no_torch():
    code = (
        "import sys, attnaudit.claims; attnaudit.claims.default_claims(); "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_claim_error_is_a_usage_error(claims_file):
    with pytest.raises(UsageError):
        load_claims(claims_file("nonsense"))


def test_a_missing_file_is_named(tmp_path):
    assert "cannot be read: No such file" in refusal(tmp_path / "none.toml")


def test_a_directory_is_no_claims_file(tmp_path):
    assert "cannot be read" in refusal(tmp_path)


def test_broken_utf8_is_placed_at_its_byte(tmp_path):
    path = tmp_path / "claims.toml"
    path.write_bytes(b"schema = 1 # \xff")

    assert "byte 13 is not valid UTF-8" in refusal(path)


@pytest.mark.parametrize(
    "content",
    ["schema = \n", "schema = 1\nschema = 1\n", "a = " + "[" * 20_000, "a = " + "9" * 5_000],
    ids=["syntax", "repeated key", "too deep", "too long a number"],
)
def test_what_is_not_toml_is_said_to_be_so(claims_file, content):
    assert "not valid TOML: " in refusal(claims_file(content, head=""))


def test_a_syntax_error_is_placed_at_its_line(claims_file):
    assert "at line 2" in refusal(claims_file("id : 3"))


def test_a_file_of_unreasonable_size_is_not_parsed(claims_file):
    assert "larger than" in refusal(claims_file("#" * 1_000_001))


@pytest.mark.parametrize(
    ("head", "seen"),
    [("", "missing"), ("schema = 2\n", "it is 2"), ("schema = true\n", "it is True")],
)
def test_the_schema_must_be_stated_and_known(claims_file, claim_table, head, seen):
    message = refusal(claims_file(claim_table(), head=head))

    assert "schema" in message
    assert "must be 1" in message
    assert seen in message


@pytest.mark.parametrize("content", ["", "claim = []\n", "claim = 3\n", "[claim]\nid = 'a'\n"])
def test_a_file_without_claims_is_refused(claims_file, content):
    assert "each begins with a line `[[claim]]`" in refusal(claims_file(content))


def test_an_unknown_key_of_the_file_suggests_the_nearest(claims_file, claim_table):
    message = refusal(claims_file(claim_table(), head="schema = 1\nclaims = 2\n"))

    assert "unknown key 'claims'; did you mean 'claim'?" in message


def test_two_claims_may_not_share_an_id(claims_file, claim_table):
    message = refusal(claims_file(claim_table(id='"one"'), claim_table(id='"one"')))

    assert "more than one claim has id = 'one'" in message


def test_a_claim_that_is_no_table_is_named_by_number(claims_file):
    message = refusal(claims_file("claim = [5]\n"))

    assert "claim number 1: should be a table" in message


def test_a_claim_without_a_usable_id_is_named_by_number(claims_file, claim_table):
    message = refusal(claims_file(claim_table(), claim_table(id=None)))

    assert "claim number 2: the key 'id' is missing" in message


def test_a_long_value_is_cut_in_the_message(claims_file, claim_table):
    message = refusal(claims_file(claim_table(kind=f'"{"x" * 9_000}"')))

    assert len(message) < 600


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"thresold": "1"}, "unknown key 'thresold'; known keys are assumption, at_least, at_most"),
        ({"at_lest": "1"}, "unknown key 'at_lest'; did you mean 'at_least'?"),
        ({"draws": "5"}, "unknown key 'draws'"),
        ({"statement": None}, "the key 'statement' is missing"),
        ({"statement": '""'}, "statement = '' should have at least 1 character"),
        ({"statement": '"a\\u001b[31m"'}, "statement = 'a\\x1b[31m' should hold printable"),
        ({"source": "3"}, "source = 3 should be a valid string"),
        ({"audit": None}, "the key 'audit' is missing; it is one of agreement, permutation"),
        ({"audit": '"agreemnt"'}, "audit = 'agreemnt' is unknown; it is one of agreement"),
        ({"audit": "1"}, "audit = 1 is unknown"),
        ({"importance": None}, "the key 'importance' is missing"),
        ({"importance": '"shap"'}, "importance = 'shap' should be 'gradient', 'gradient-through"),
        ({"quantity": '"tvd"'}, "quantity = 'tvd' should be 'tau'"),
        ({"statistic": '"mode"'}, "statistic = 'mode' should be 'mean', 'median' or 'fraction'"),
        ({"id": '"A claim"'}, "id = 'A claim' should consist of lower-case letters"),
        ({"id": '"-a"'}, "id = '-a' should consist of"),
        ({"kind": None}, "the key 'kind' is missing"),
        ({"kind": '"truth"'}, "kind = 'truth' should be 'agreement', 'faithfulness'"),
        ({"inference": '"proof"'}, "inference = 'proof' should be 'necessary'"),
        ({"required": '"yes"'}, "required = 'yes' should be a valid boolean"),
        ({"margin": "0"}, "margin = 0 should be greater than 0"),
        ({"min_tokens": "0"}, "min_tokens = 0 should be greater than or equal to 1"),
        ({"min_tokens": "2.0"}, "min_tokens = 2.0 should be a valid integer"),
        ({"undefined": '"drop"'}, "undefined = 'drop' should be 'by-cause', 'fails' or 'either'"),
        ({"by": '"label"'}, "by = 'label' should be a list"),
        (
            {"by": '["colour"]'},
            "by.0 = 'colour' should be 'predicted', 'label', 'length' or 'confidence'",
        ),
        ({"by": '["label", "label"]'}, "should name each grouping once"),
        ({"at_least": '"0.5"'}, "at_least = '0.5' should be a valid number"),
        ({"at_least": "true"}, "at_least = True should be a valid number"),
        ({"at_least": "nan"}, "at_least = nan should be a finite number"),
        ({"at_least": None}, "exactly one of the keys at_least and at_most"),
        ({"at_most": "0.7"}, "exactly one of the keys at_least and at_most"),
        ({"statistic": '"fraction"'}, "fraction_above and statistic"),
        ({"fraction_above": "0.2"}, "fraction_above and statistic"),
    ],
)
def test_the_message_names_claim_key_what_was_seen_and_what_is_allowed(
    claims_file, claim_table, changes, told
):
    message = refusal(claims_file(claim_table(**changes)))

    assert (
        ": claim 'A claim': " in message
        or ": claim '-a': " in message
        or (": claim 'a-claim': " in message)
    )
    assert told in message


def test_all_problems_of_a_claim_are_told_at_once(claims_file, claim_table):
    message = refusal(claims_file(claim_table(margin="0", min_tokens="0")))

    assert "margin = 0" in message
    assert "min_tokens = 0" in message
