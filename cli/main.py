"""Start here: the `deals` command, a table of verbs behind one error boundary."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from typing import Any, NoReturn

import click

from cli.asking.once_more import once_more
from cli.boundary import last_word
from cli.done import forget
from cli.lazy import LazyGroup
from cli.printing.colour import colour_wanted
from cli.streams import take_streams
from cli.verb_table import SECTIONS
from ledger.interrupts import ignore_interrupts, until_told

__all__ = ["deals", "run"]


class _Deals(LazyGroup):
    """The group that every command runs in; a command's return value, if any, is its exit code."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 - the signature is click's
        windows_expand_args: bool = True,  # noqa: FBT001, FBT002 - as above
        **extra: Any,  # noqa: ANN401 - as above
    ) -> Any:  # noqa: ANN401 - as above
        """Run one command line and exit; errors become a message and an exit code."""
        colour = colour_wanted()
        if not standalone_mode:
            return self._answered(args, prog_name, complete_var, windows_expand_args, colour, extra)
        forget()
        with until_told():
            try:
                code = self._answered(args, prog_name, complete_var, windows_expand_args, colour, extra)
            except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the one boundary
                code = last_word(error, colour=colour)
        sys.exit(code if isinstance(code, int) else 0)

    def _answered(
        self,
        args: Sequence[str] | None,
        prog_name: str | None,
        complete_var: str | None,
        windows_expand_args: bool,  # noqa: FBT001 - click's
        colour: bool | None,  # noqa: FBT001 - yes, no, or as the stream says
        extra: dict[str, Any],
    ) -> Any:  # noqa: ANN401 - what commands return
        answer: partial[Any] = partial(
            super().main,
            args,
            prog_name or "deals",
            complete_var,
            standalone_mode=False,
            windows_expand_args=windows_expand_args,
            color=colour,
            **extra,
        )
        code = once_more(answer)
        # What cannot be written shows itself here and not at the interpreter's exit.
        sys.stdout.flush()
        return code


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's callback
    if value and not ctx.resilient_parsing:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"deals {version('deals')}")
        except PackageNotFoundError:
            click.echo("deals (not installed, run from its sources)")
        ctx.exit()


@click.group(
    cls=_Deals,
    sections=SECTIONS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `deals demo`. Every query takes --as-of, --known-by and --recorded-by: the day the answer is "
    "about, the day by which the news was public, and the state of this ledger that is asked.",
)
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version.")
def deals() -> None:
    """Keep a ledger of who owes what to whom in the AI build-out, and ask it as of any date."""


def run() -> NoReturn:
    """Run the command line of this process."""
    try:
        take_streams()
        try:
            deals.main()
        finally:
            ignore_interrupts()
    except KeyboardInterrupt as error:  # before the boundary, or at its very end
        code = last_word(error, colour=None)
        ignore_interrupts()
        sys.exit(code)
    raise AssertionError  # main always exits
