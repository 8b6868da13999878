"""Every verb of the command line: where it lives and its one line of help, so that help and completion import nothing."""

from __future__ import annotations

from cli.lazy import Verb

__all__ = ["SECTIONS"]

SECTIONS: dict[str, dict[str, Verb]] = {
    "Record": {
        "init": Verb("cli.verbs.init:init", "Make a new, empty ledger."),
        "append": Verb("cli.verbs.append:append", "Record one announcement: by flags, from a file or in an editor."),
        "import": Verb("cli.verbs.import_:import_", "Record files and folders of announcements, all or nothing."),
        "correct": Verb("cli.verbs.correct:correct", "Mend an entry that was recorded wrong; the original stays."),
        "retract": Verb("cli.verbs.retract:retract", "Withdraw an entry that should never have been recorded."),
        "attach": Verb("cli.verbs.attach:attach", "Keep the document that an entry rests on."),
    },
    "Look up": {
        "show": Verb(
            "cli.verbs.show:show", "Show an event, a deal, a leg or a company with all that is recorded of it."
        ),
        "log": Verb("cli.verbs.log:log", "List what was recorded, newest last."),
        "companies": Verb(
            "cli.verbs.companies:companies", "Find companies by slug, ticker, name or alias in any script."
        ),
        "legs": Verb("cli.verbs.legs:legs", "List the legs of deals as they stand on a day."),
    },
    "Measure": {
        "exposure": Verb("cli.verbs.exposure:exposure", "Show who would lose how much if whom failed."),
        "dilution": Verb("cli.verbs.dilution:dilution", "Show what share of an issuer its warrants would hand out."),
        "commitments": Verb(
            "cli.verbs.commitments:commitments", "Show what a company promised to buy, beside its revenue."
        ),
        "diff": Verb("cli.verbs.diff:diff", "Show what changed between two points on a clock, and what changed it."),
        "timeline": Verb("cli.verbs.timeline:timeline", "Show a measure at many dates, or draw it."),
        "vintage": Verb("cli.verbs.vintage:vintage", "Show how one number was told over time."),
        "status": Verb("cli.verbs.status:status", "Show how far each announcement has come."),
        "explain": Verb("cli.verbs.explain:explain", "Explain a number: the events behind it and the arithmetic."),
        "sql": Verb("cli.verbs.sql:sql", "Ask the tables anything, read-only."),
    },
    "Follow the money": {
        "loops": Verb("cli.verbs.loops:loops", "Show where the money goes round."),
        "leverage": Verb("cli.verbs.leverage:leverage", "Show debt that rests on contracts, and on paper."),
        "lookthrough": Verb("cli.verbs.lookthrough:lookthrough", "Show on whom a company depends through others."),
        "demand": Verb("cli.verbs.demand:demand", "Show use and prices beside the growth that commitments require."),
        "reaction": Verb("cli.verbs.reaction:reaction", "Show what the market made of an announcement."),
        "stress": Verb("cli.verbs.stress:stress", "Show what breaks if one name fails."),
        "bubble": Verb("cli.verbs.bubble:bubble", "Show the indicators on one page, without a verdict."),
    },
    "Trust": {
        "check": Verb("cli.verbs.check:check", "List what is contradictory or doubtful in the ledger."),
        "audit": Verb("cli.verbs.audit:audit", "Hand out the whole trail, and verify one."),
    },
    "Upkeep": {
        "schema": Verb("cli.verbs.schema:schema", "Print the event types as JSON Schema."),
        "rebuild": Verb("cli.verbs.rebuild:rebuild", "Make the tables that queries read anew."),
        "doctor": Verb("cli.verbs.doctor:doctor", "Say what is installed, where the ledger lies and how it does."),
        "demo": Verb("cli.verbs.demo:demo", "See a small ledger tell its story."),
    },
}
