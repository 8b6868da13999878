"""One event typed in: which leg it stands on, which terms it amends, and everything wrong with it at once."""

from __future__ import annotations

import pytest

from tests.cli.running import Run

TWO_LEGS = "amd-openai-2025"  # a supply of chips and a warrant
PAID = ("append", "payment", "--payer", "openai", "--payee", "amd", "--amount", "1B", "--announced-on", "2026-01-05")
SOURCE = ("--source-kind", "press", "--source-publisher", "Reuters")


def loan(run: Run, deal: str, leg: str = "loan") -> None:
    run.ok(
        *("append", "loan", "--deal", deal, "--leg", leg, "--status", "definitive", "--borrower", "openai"),
        *("--amount", "1B", "--announced-on", "2026-01-02"),
    )


def test_a_payment_without_a_leg_asks_where_several_may_take_it(run: Run) -> None:
    loan(run, TWO_LEGS)
    refused = run(*PAID, "--deal", TWO_LEGS)
    assert refused.exit_code == 65
    assert refused.stderr == (
        f"error: --leg: left out, and the deal {TWO_LEGS} has 2 on which payment_made can happen\n"
        "  next: add --leg and one of: loan (loan), supply (purchase)\n"
        "  next: nothing was recorded\n"
    )
    assert f"recorded  20  {TWO_LEGS}/loan/payment-made/2026-01-05\n" in run.ok(
        *PAID, "--deal", TWO_LEGS, "--leg", "loan"
    )


def test_the_one_leg_that_may_take_it_is_taken(run: Run) -> None:
    assert f"recorded  19  {TWO_LEGS}/supply/payment-made/2026-01-05\n" in run.ok(*PAID, "--deal", TWO_LEGS)
    loan(run, "new-loan")
    assert "new-loan/loan/payment-made" in run.ok(*PAID, "--deal", "new-loan")  # and not only a purchase


def test_a_leg_whose_terms_were_retracted_takes_nothing(run: Run) -> None:
    loan(run, TWO_LEGS)
    run.ok("retract", f"{TWO_LEGS}/loan/2026-01-02", "--reason", "never signed")
    assert f"{TWO_LEGS}/supply/payment-made/2026-01-05\n" in run.ok(*PAID, "--deal", TWO_LEGS)


@pytest.mark.parametrize(
    ("deal", "said", "next_"),
    [
        ("oracle-loan-2025", "--leg: left out, and the deal oracle-loan-2025 has none on which capacity_delivered can happen",
         "it can happen on a purchase; legs of oracle-loan-2025: loan (loan)"),
        ("amd-opnai-2025", "--deal: no leg of it is recorded (got amd-opnai-2025)", "did you mean 'amd-openai-2025'?"),
        ("zzz", "--deal: no leg of it is recorded (got zzz)", "record its terms first; `deals legs` lists what there is"),
    ],
)  # fmt: skip
def test_a_deal_without_a_fitting_leg_says_what_it_has(run: Run, deal: str, said: str, next_: str) -> None:
    refused = run("append", "delivered", "--deal", deal, "--gw", "0.5", "--announced-on", "2026-01-05")
    assert refused.exit_code == 65
    assert refused.stderr.splitlines()[:2] == [f"error: {said}", f"  next: {next_}"]


def test_everything_wrong_with_a_command_is_said_at_once(run: Run) -> None:
    loan(run, TWO_LEGS)
    refused = run(
        *("append", "payment", "--deal", TWO_LEGS, "--payer", "openai", "--amount", "much"),
        *("--date-precision", "week", "--effective-on", "2026-01-05"),
    )
    assert refused.exit_code == 65
    said = [line.removeprefix("error: ").strip() for line in refused.stderr.splitlines() if "next:" not in line]
    assert said == [
        "--date-precision: cannot be read (got 'week')",
        f"--leg: left out, and the deal {TWO_LEGS} has 2 on which payment_made can happen",
        "append payment_made: needed and left out: --announced-on, --leg, --payee",
        "--amount: is not an amount (got 'much')",
    ]


def test_a_bad_amount_alone_is_bad_data(run: Run) -> None:
    refused = run(*PAID[:-4], "--amount", "much", "--deal", TWO_LEGS, "--announced-on", "2026-01-05")
    assert refused.exit_code == 65
    assert refused.stderr.startswith("error: --amount: is not an amount (got 'much')\n")


def test_a_second_payment_of_the_day_is_known_and_how_to_record_it_is_said(run: Run) -> None:
    key = f"{TWO_LEGS}/supply/payment-made/2026-01-05"
    first = run(*PAID, *SOURCE, "--deal", TWO_LEGS)
    assert (first.exit_code, first.stderr) == (0, "")
    again = run(*PAID, *SOURCE, "--deal", TWO_LEGS)
    assert again.exit_code == 0
    assert again.stdout.startswith(f"already known  {key}\n")
    assert again.stderr.startswith(f"note: {key} says the same; it is number 19, recorded at 20")
    assert again.stderr.endswith("; if this is a second one, record it with --key auto#2 (in a file: key: auto#2)\n")
    assert f"recorded  20  {key}/2\n" in run.ok(*PAID, *SOURCE, "--deal", TWO_LEGS, "--key", "auto#2")
    assert "--key auto#3" in run(*PAID, *SOURCE, "--deal", TWO_LEGS).stderr
    other = run(*PAID, *SOURCE, "--deal", TWO_LEGS, "--amount", "2B")
    assert other.exit_code == 65
    assert "if this is a second event of the day, write --key auto#3" in other.stderr


TERMS = (
    *("append", "purchase", "--deal", "oracle-openai-2025", "--leg", "compute", "--status", "definitive"),
    *("--buyer", "openai", "--supplier", "oracle", "--subject", "compute", "--amount", "300B USD"),
)


def amends(run: Run, key: str) -> str:
    return str(run.json("show", key)["rows"][0]["event"]["amends"])


def test_amends_last_goes_by_the_corrected_dates(run: Run) -> None:
    run.ok(*TERMS, "--announced-on", "2026-01-05", "--amends", "last")
    run.ok(*TERMS, "--announced-on", "2026-01-07", "--amends", "last", "--amount", "310B USD")
    run.ok(
        *("correct", "oracle-openai-2025/compute/2026-01-05", "--set", "effective_on=2026-01-09"),
        *("--reason", "holds from the ninth"),
    )
    run.ok(*TERMS, "--announced-on", "2026-01-08", "--amends", "last", "--amount", "320B USD")
    assert amends(run, "oracle-openai-2025/compute/2026-01-08") == "oracle-openai-2025/compute/2026-01-05"
    run.ok("retract", "oracle-openai-2025/compute/2026-01-05", "--reason", "never happened")
    run.ok(*TERMS, "--announced-on", "2026-01-10", "--amends", "last", "--amount", "330B USD")
    assert amends(run, "oracle-openai-2025/compute/2026-01-10") == "oracle-openai-2025/compute/2026-01-08"


def test_amends_last_said_again_is_the_same_event(run: Run) -> None:
    run.ok(*TERMS, "--announced-on", "2026-01-05", "--amends", "last")
    again = run.ok(*TERMS, "--announced-on", "2026-01-05", "--amends", "last")
    assert again.startswith("already known  oracle-openai-2025/compute/2026-01-05\n")


def test_a_deal_with_oneself_is_said_at_once_and_listed(run: Run) -> None:
    itself = ("append", "purchase", "--deal", "d", "--leg", "l", "--buyer", "openai", "--supplier", "OpenAI", "--subject",
              "compute", "--status", "announced", "--announced-on", "2026-01-05", *SOURCE)  # fmt: skip
    note = "note: buyer and supplier are both openai in d/l/2026-01-05; mend it if that is a slip, `deals check` lists it as a doubt\n"
    assert run(*itself, "--dry-run").stderr == f"{note}\nnothing was recorded (--dry-run)\n"
    assert run(*itself).stderr == note
    [listed] = [row for row in run.json("check", "--as-of", "2026-02-01")["rows"] if row["kind"] == "with itself"]
    assert (listed["severity"], listed["about"], listed["what"]) == (
        "doubt",
        "d/l",
        "buyer and supplier are both openai",
    )
    mended = run("correct", "d/l/2026-01-05", "--set", "supplier=amd", "--reason", "a slip")
    assert (mended.exit_code, mended.stderr) == (0, "")
    again = run("correct", "d/l/2026-01-05", "--set", "supplier=openai", "--reason", "no slip")
    assert "note: buyer and supplier are both openai in " in again.stderr


def test_a_dry_run_counts_undisclosed_amounts_in_words_that_are_no_money(run: Run) -> None:
    terms = ("append", "purchase", "--deal", "d", "--leg", "l", "--buyer", "openai", "--supplier", "amd", "--subject",
             "chips", "--status", "definitive")  # fmt: skip
    run.ok(*terms, "--announced-on", "2026-01-05")
    said = run.ok(*terms, "--announced-on", "2026-01-06", "--amends", "last", "--amount", "1B", "--dry-run")
    assert "number of undisclosed amounts 2 → 1" in said


def test_a_missing_source_is_said_at_once_and_shown_by_a_dry_run(run: Run) -> None:
    bare = run(*PAID, "--deal", TWO_LEGS)
    assert bare.stderr == (
        f"note: no source is given for {TWO_LEGS}/supply/payment-made/2026-01-05; "
        "correct it with one, or attach the document\n"
    )
    assert "note" not in bare.stdout
    looked = run(*PAID, "--deal", TWO_LEGS, "--key", "auto#2", "--dry-run")
    assert "  source        none given\n" in looked.stdout
    looked = run(*PAID, *SOURCE, "--deal", TWO_LEGS, "--key", "auto#2", "--dry-run")
    assert "  source        press · Reuters\n" in looked.stdout
    assert looked.stderr == "\nnothing was recorded (--dry-run)\n"
