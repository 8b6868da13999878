"""Tables as people make them: any delimiter, any spelling of a header, and one word about each wrong one."""

from __future__ import annotations

import io
import time

import pytest

from ledger.intake.located import Located, Rejected, Row
from ledger.intake.rows import InputDefaults
from ledger.intake.sources import read_rows

HEAD = ("type", "announced_on", "deal", "leg", "payer", "payee", "amount")
CELLS = ("payment", "2026-01-05", "one", "supply", "openai", "amd", "5 EUR")
COLUMNS = (
    "columns of the type payment: type, key, announced_on, effective_on, date_precision, announced_time, source, "
    "confidence, contested, note, deal, leg, payer, payee, amount"
)
PAYMENT = InputDefaults(type_name="payment_made")


def rows_of(text: str, reading: InputDefaults | None = None, format_name: str | None = "csv") -> list[Row]:
    return list(read_rows(["-"], reading, format_name=format_name, stdin=io.BytesIO(text.encode())))


def said(rows: list[Row]) -> list[tuple[int, str, str, str]]:
    found = [finding for row in rows if isinstance(row, Rejected) for finding in row.findings]
    return [
        (finding.line, finding.field, finding.what, finding.advice.splitlines()[0] if finding.advice else "")
        for finding in found
    ]


def table(mark: str, head: tuple[str, ...] = HEAD, *rows: tuple[str, ...]) -> str:
    return "".join(mark.join(cells) + "\r\n" for cells in (head, *(rows or (CELLS,))))


@pytest.mark.parametrize("format_name", ["csv", "tsv", None])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_whatever_parts_the_cells_the_event_is_the_same(mark: str, format_name: str | None) -> None:
    [row] = rows_of(table(mark), format_name=format_name)
    assert isinstance(row, Located)
    assert row.event.__dict__["amount"].currency == "EUR"
    assert (row.line, row.event.key) == (2, "one/supply/payment-made/2026-01-05")


@pytest.mark.parametrize("start", ["sep=;\r\n", "\ufeffsep=;\n"])
def test_a_spreadsheet_may_say_what_parts_its_cells(start: str) -> None:
    [row] = rows_of(start + table(";"))
    assert isinstance(row, Located)
    assert row.line == 3


@pytest.mark.parametrize(
    "head",
    [
        ("Type", "Announced On", "DEAL", "Leg", "payer", "Payee", "Amount"),
        ("\ufefftype", "announced-on", " deal ", "leg", "Payer", "payee", "AMOUNT"),
    ],
)
def test_headers_are_compared_whatever_the_case_spaces_and_marks(head: tuple[str, ...]) -> None:
    [row] = rows_of(table(",", head))
    assert isinstance(row, Located)


def test_a_wrong_header_is_told_once_with_what_was_meant() -> None:
    head = ("type", "announcedon", "deel", "lg", "pyer", "payyee", "amnt")
    rows = rows_of(table(",", head, *[CELLS] * 50))
    assert said(rows) == [
        (1, "'deel'", "is no field of the type payment", "did you mean 'deal'?"),
        (1, "'lg'", "is no field of the type payment", "did you mean 'leg'?"),
        (1, "'pyer'", "is no field of the type payment", "did you mean 'payer'?"),
        (1, "'payyee'", "is no field of the type payment", "did you mean 'payee'?"),
        (1, "'amnt'", "is no field of the type payment", "did you mean 'amount'?"),
    ]
    assert len(rows) == 51  # the rows stay, so that nobody else is blamed for what they would have said
    assert isinstance(rows[-1], Rejected)
    assert rows[-1].findings[-1].advice.endswith(COLUMNS)


def test_what_a_row_gets_wrong_is_told_beside_a_wrong_header() -> None:
    rows = rows_of("type,announced_on,deal,leg,payer,payee,amuont,amount\npayment,never,one,supply,openai,amd,5,much\n")
    assert [found[:2] for found in said(rows)] == [(2, "amount"), (2, "announced_on"), (1, "'amuont'")]


def test_a_column_that_is_not_there_is_told_once() -> None:
    head = ("type", "announced_on", "deal", "leg", "amount")
    rows = rows_of(table(",", head, *[("payment", "2026-01-05", "one", "supply", "5 EUR")] * 30))
    assert [found[:3] for found in said(rows)] == [
        (1, "header", "has no column for payer, payee, which the type payment needs")
    ]


@pytest.mark.parametrize(
    ("head", "header", "advice"),
    [
        ("amount,currency", "'currency'", "write both in one cell of amount, as 100 EUR, or in the columns amount.value and amount.currency"),
        ("amount,publisher", "'publisher'", "did you mean 'source.publisher'?"),
        ("amount,Currency", "'Currency'", "write both in one cell of amount, as 100 EUR, or in the columns amount.value and amount.currency"),
        ("amount,zzz", "'zzz'", COLUMNS),
    ],
)  # fmt: skip
def test_a_part_of_a_field_is_told_where_it_belongs(head: str, header: str, advice: str) -> None:
    text = f"type,announced_on,deal,leg,payer,payee,{head}\npayment,2026-01-05,one,supply,openai,amd,5,EUR\n"
    *_, row = rows_of(text)
    assert said([row]) == [(1, header, "is no field of the type payment", advice)]


def test_an_empty_column_may_be_headed_as_it_likes() -> None:
    [row] = rows_of(table(",", (*HEAD, "Our remarks", ""), (*CELLS, "", "")))
    assert isinstance(row, Located)


def test_a_column_of_another_type_is_wrong_only_where_it_is_filled() -> None:
    head = "type,announced_on,deal,leg,payer,payee,amount,capacity_gw\n"
    payment, delivery = "payment,2026-01-05,one,supply,openai,amd,5 EUR,", "delivered,2026-01-05,one,supply,,,,0.5"
    assert all(isinstance(row, Located) for row in rows_of(f"{head}{payment}\n{delivery}\n"))
    assert said(rows_of(f"{head}{payment}0.5\n{delivery}\n"))[0][1:3] == (
        "'capacity_gw'",
        "is no field of the type payment",
    )


@pytest.mark.parametrize(
    ("text", "reading", "what", "advice"),
    [
        ("foo bar\nx\n", None, "none of the columns is a field of an event; found 1, parted by commas: 'foo bar'",
         "the first line names the fields, such as: type,announced_on,deal,leg,amount; see `deals schema TYPE`"),
        ("foo;bar\nx;y\n", PAYMENT, "none of the columns is a field of an event; found 2, parted by semicolons: 'foo', 'bar'",
         COLUMNS),
        ("payment,2026-01-05,one\n", None, "none of the columns is a field of an event; found 3, parted by commas: 'payment', '2026-01-05', 'one'",
         "the first line names the fields, such as: type,announced_on,deal,leg,amount; see `deals schema TYPE`"),
    ],
)  # fmt: skip
def test_a_table_of_something_else_says_what_was_found_and_what_is_expected(
    text: str, reading: InputDefaults | None, what: str, advice: str
) -> None:
    assert said(rows_of(text, reading)) == [(1, "header", what, advice)]


def test_a_table_without_types_says_so_once() -> None:
    rows = rows_of("announced_on,deal,leg,amnt\n" + "2026-01-05,one,supply,5\n" * 20)
    assert [found[:3] for found in said(rows)] == [
        (1, "type", "is required, and no column is headed so"),
        (1, "'amnt'", "is no field of any event"),
    ]


def test_two_spellings_of_one_header_are_two_columns_of_one_field() -> None:
    assert said(rows_of("Type,type\nx,y\n")) == [(1, "Type, type", "heads two columns", "rename one of them")]


def test_a_bad_type_does_not_hide_what_else_is_wrong() -> None:
    head = "type,announced_on,deal,leg,payer,payee,amount\n"
    near = said(rows_of(f"{head}paymnt,never,one,supply,openai,amd,much\n"))
    assert [(field, what) for _, field, what, _ in near] == [
        ("amount", "is not an amount"),
        ("type", "unknown event type"),
        ("announced_on", "not a date; write YYYY-MM-DD"),
    ]
    far = said(rows_of(f"{head}zork,never,one,supply,openai,amd,much\n"))
    assert [field for _, field, _, _ in far] == ["type", "announced_on"]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (",".join(f"c{n}" for n in range(30_000)) + "\n" + ",".join("1" * 30_000) + "\n", "header"),
        ("type," + ",".join(f"c{n}" for n in range(1_900)) + "\n" + ("payment," + ",".join("1" * 1_900) + "\n") * 20, "'c0'"),
        ("type,tranches." + "9" * 5_000 + "\nwarrant,1\n", "'tranches." + "9" * 51 + " \\u2026'"),
        ("type,note\npayment," + "x" * 200_000 + "\n", "row"),
        ("type\n" + "x" * 100_000 + "\n", "type"),
    ],
)  # fmt: skip
def test_hostile_tables_are_refused_in_few_words_and_little_time(text: str, field: str) -> None:
    begun = time.process_time()
    found = [finding for row in rows_of(text) if isinstance(row, Rejected) for finding in row.findings]
    assert time.process_time() - begun < 5
    assert field in [finding.field for finding in found]
    assert sum(len(str(finding)) for finding in found) < 6_000


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("cells", "what", "advice"),
    [
        (CELLS[:-1], "has 6 cells under 7 headers", "leave no cell out: an empty one still has its {mark!r}"),
        (CELLS[:1], "has 1 cell under 7 headers", "leave no cell out: an empty one still has its {mark!r}"),
        ((*CELLS, ""), "has 8 cells under 7 headers", "quote cells that hold {mark!r}"),
    ],
)
def test_a_row_has_as_many_cells_as_there_are_headers(
    mark: str, cells: tuple[str, ...], what: str, advice: str
) -> None:
    """A cell that is missing would shift the others, or make undisclosed what somebody told."""
    rows = rows_of(table(mark, HEAD, cells, ("",), CELLS) + "\r\n")
    assert said(rows) == [(2, "row", what, advice.format(mark=mark))]
    assert [row.line for row in rows if isinstance(row, Located)] == [4]


def test_a_value_is_shown_as_it_was_typed() -> None:
    head = "type,announced_on,deal,leg,investor,investee,status,stake\n"
    [row] = rows_of(f"{head}investment,2026-01-05,one,stake,openai,amd,announced,110%\n")
    assert isinstance(row, Rejected)
    assert [(one.field, one.got) for one in row.findings] == [("stake", "'110%'")]
