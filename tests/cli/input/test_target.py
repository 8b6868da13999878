"""Which form a file gets: its suffix is honoured or refused, with the list of those that are, before anything is done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from cli.errors import CannotWriteOutputError, UsageMistakeError
from cli.input.target import CHARTS, ROWS, TEXT, Target, file_of
from tests.cli.running import Run, as_process, environment

DRAWN = (*ROWS, *CHARTS)


@pytest.mark.parametrize(
    ("name", "asked", "offered", "form"),
    [
        ("x.json", "auto", ROWS, "json"),
        ("x.JSON", "auto", ROWS, "json"),
        ("x.jsonl", "auto", ROWS, "jsonl"),
        ("x.ndjson", "auto", ROWS, "jsonl"),
        ("x.csv", "auto", ROWS, "csv"),
        ("x.tsv", "auto", ROWS, "tsv"),
        ("x.md", "auto", ROWS, "md"),
        ("x.markdown", "auto", ROWS, "md"),
        ("x.parquet", "auto", ROWS, "parquet"),
        ("x.txt", "auto", ROWS, "table"),
        ("x.txt", "auto", TEXT, "table"),
        ("x.svg", "auto", DRAWN, "svg"),
        ("x.PNG", "auto", DRAWN, "png"),
        ("x.csv", "csv", ROWS, "csv"),
        ("x.txt", "csv", ROWS, "csv"),
        ("x.txt", "md", ROWS, "md"),
        ("x", "csv", ROWS, "csv"),
        ("x.dat", "json", ROWS, "json"),
        ("x.v2", "parquet", ROWS, "parquet"),
        ("x.csv.tsv", "auto", ROWS, "tsv"),
        ("x.json", "json", TEXT, "json"),
    ],
)
def test_the_suffix_is_honoured(name: str, asked: str, offered: tuple[str, ...], form: str, tmp_path: Path) -> None:
    assert Target.of(asked, str(tmp_path / name), offered) == Target(form, tmp_path / name)


ALL_ENDINGS = "names may end in .json, .jsonl, .csv, .tsv, .md, .parquet, .ndjson, .markdown, .txt"


@pytest.mark.parametrize(
    ("name", "asked", "offered", "said", "advice"),
    [
        *(
            (f"x.{suffix}", asked, ROWS, f"this answer cannot be written as {suffix}", ALL_ENDINGS)
            for suffix in ("xlsx", "png", "svg", "pdf", "html", "xls", "zip", "gz", "db", "yaml", "xml", "arrow")
            for asked in ("auto", "csv")
        ),
        ("x.XLSX", "auto", ROWS, "this answer cannot be written as xlsx", ALL_ENDINGS),
        ("x.csv.gz", "auto", ROWS, "this answer cannot be written as gz", ALL_ENDINGS),
        ("x.csv", "auto", TEXT, "cannot be written as csv", "names may end in .json, .jsonl, .ndjson, .txt"),
        ("x.parquet", "json", TEXT, "cannot be written as parquet", ".json, .jsonl"),
        ("x.pdf", "auto", DRAWN, "cannot be written as pdf", ".svg, .png"),
        ("x.csv", "json", ROWS, "--format json and --output", "let them agree"),
        ("x.json", "jsonl", ROWS, ".json is json", "let them agree"),
        ("x.md", "table", ROWS, ".md is md", "let them agree"),
        ("x.txt", "parquet", ROWS, ".txt is table, json, jsonl, csv, tsv or md", "let them agree"),
        ("x.svg", "json", DRAWN, ".svg is svg", "let them agree"),
        ("x", "auto", ROWS, "a name without a suffix does not say in which form", f"{ALL_ENDINGS}; or add --format"),
        ("x.", "auto", ROWS, "does not say in which form", ALL_ENDINGS),
        (".csv", "auto", ROWS, "a name without a suffix", ALL_ENDINGS),
        ("x.dat", "auto", ROWS, ".dat does not say in which form", "or add --format"),
        ("x.out", "auto", TEXT, ".out does not say in which form", "or add --format"),
    ],
)
def test_what_a_name_promises_and_is_not_there_is_refused(
    name: str, asked: str, offered: tuple[str, ...], said: str, advice: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageMistakeError) as caught:
        Target.of(asked, str(tmp_path / name), offered)
    assert said in caught.value.message
    assert name in caught.value.message
    assert advice in caught.value.advice
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["csv", "tsv", "md", "parquet"])
def test_a_text_has_no_rows(form: str) -> None:
    with pytest.raises(UsageMistakeError, match=f"--format {form}: this answer has no rows and columns"):
        Target.of(form, None, TEXT)


def test_a_place_that_cannot_be_written_is_told_first(tmp_path: Path) -> None:
    for output in (f"{tmp_path}/no/such.csv", f"{tmp_path}/", str(tmp_path), f"{tmp_path}/fresh.csv/"):
        with pytest.raises(CannotWriteOutputError) as caught:
            Target.of("csv", output)
        assert caught.value.message.startswith(f"--output: {output}: ")


def test_a_device_or_pipe_without_a_suffix_takes_what_a_pipe_takes(tmp_path: Path) -> None:
    pipe, named = tmp_path / "pipe", tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    os.mkfifo(named)
    assert Target.of("auto", "/dev/null") == Target("tsv", Path("/dev/null"))
    assert Target.of("auto", str(pipe)) == Target("tsv", pipe)
    assert Target.of("auto", str(pipe), TEXT) == Target("table", pipe)
    assert Target.of("auto", str(named)) == Target("csv", named)
    assert Target.of("json", str(pipe)) == Target("json", pipe)
    with pytest.raises(UsageMistakeError, match="contradict each other"):
        Target.of("json", str(named))


def test_a_signed_note_is_not_called_what_it_is_not(tmp_path: Path) -> None:
    def place(name: str) -> Path | None:
        return file_of(str(tmp_path / name), what="a checkpoint", suffix=".checkpoint")

    for name in ("march", "march.checkpoint", "march.txt", "march.note", "march.2026"):
        assert place(name) == tmp_path / name
    for name in ("march.xlsx", "march.csv", "march.json", "march.png", "march.PDF"):
        with pytest.raises(UsageMistakeError, match="a checkpoint is not "):
            place(name)
    assert file_of(None, what="a checkpoint", suffix=".checkpoint") is None
    assert file_of("-", what="a checkpoint", suffix=".checkpoint") is None


QUERIES = [
    ("exposure", "openai"), ("dilution", "amd"), ("commitments", "openai"), ("legs",), ("status",), ("log",), ("companies",),
    ("diff", "legs", "2025-09-01", "2025-12-01"), ("timeline", "legs", "--from", "2025-09-01", "--to", "2025-12-01"),
    ("vintage", "commitments", "openai"), ("explain", "amd-openai-2025/warrant"), ("show", "amd"), ("sql", "SELECT 1"),
    ("loops",), ("leverage",), ("lookthrough", "openai"), ("demand",), ("reaction",), ("stress", "openai"), ("bubble",), ("check",),
    ("audit", "log"), ("audit", "checkpoint"), ("audit", "prove", "company/amd"),
]  # fmt: skip


@pytest.mark.parametrize("line", QUERIES, ids=" ".join)
def test_every_verb_refuses_a_workbook_before_it_does_anything(run: Run, tmp_path: Path, line: tuple[str, ...]) -> None:
    remembered = tmp_path / "deals.db.audit"
    refused = run(*line, "--output", str(tmp_path / "x.xlsx"))
    assert (refused.exit_code, refused.stdout) == (2, ""), refused.stderr
    assert "xlsx" in refused.stderr
    assert "\n  next: " in refused.stderr
    assert not (tmp_path / "x.xlsx").exists()
    assert not remembered.exists()


def test_a_timeline_is_drawn_where_the_suffix_says_so(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("altair", reason="the extra `charts` is not installed")
    line = ("timeline", "commitments", "--company", "openai", "--from", "2025-09-01", "--to", "2025-12-31")
    for name, start in (("x.svg", b"<svg"), ("x.SVG", b"<svg"), ("x.png", b"\x89PNG")):
        run.ok(*line, "--output", str(tmp_path / name))
        assert (tmp_path / name).read_bytes().startswith(start)
    refused = run(*line, "--output", str(tmp_path / "y.svg"), "--format", "json")
    assert refused.exit_code == 2
    assert run("legs", "--output", str(tmp_path / "y.svg")).exit_code == 2


def test_links_pipes_and_modes_are_kept(run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("old")
    secret.chmod(0o600)
    link, pipe = tmp_path / "latest.csv", tmp_path / "pipe"
    link.symlink_to("secret.csv")
    os.mkfifo(pipe)
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / ".latest.csv.new").symlink_to(victim)
    run.ok("legs", "--output", str(link))
    assert secret.read_text().startswith("leg_ref,")
    assert link.is_symlink()
    assert secret.stat().st_mode & 0o777 == 0o600
    assert victim.read_text() == "precious"
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    run.ok("legs", "--output", str(pipe), "--format", "json")
    reader.join(30)
    assert json.loads(read[0])["query"]["verb"] == "legs"
    assert pipe.is_fifo()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")
def test_devices_stay_devices(db: Path, tmp_path: Path) -> None:
    shown = as_process("legs", "--output", "/dev/stdout", "--format", "csv", db=db)
    assert (shown.returncode, shown.stdout.partition(",")[0]) == (0, "leg_ref")
    assert as_process("legs", "--output", "/dev/null", db=db).returncode == 0
    full = as_process("legs", "--output", "/dev/full", db=db)
    assert (full.returncode, full.stdout) == (73, "")
    assert "error: --output: /dev/full: No space left on device" in full.stderr
    assert all(Path(name).is_char_device() for name in ("/dev/null", "/dev/full"))
    assert Path("/dev/stdout").is_symlink()
    target = tmp_path / "shown.parquet"
    with target.open("wb") as out:
        line = [sys.executable, "-m", "cli", "legs", "--format", "parquet", "--output", "/dev/stdout"]
        subprocess.run(line, env=environment(db), stdout=out, check=True, timeout=60)
    assert duckdb.read_parquet(str(target)).fetchall()
