"""The command `junheng`: arguments in, calls out; nothing else. Every command imports its room when it is called."""

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis import __version__
from analysis.errors import JunhengError, message, of_file
from analysis.kinds import kind
from analysis.run.commands import next_steps
from analysis.run.commands.ahead_app import ahead
from analysis.run.commands.arguments import spread
from analysis.run.commands.command_faults import sentence
from analysis.run.commands.intake_app import intake
from analysis.run.commands.office_app import office
from analysis.run.commands.options import (
    Audience,
    By,
    Data,
    Encoding,
    File,
    Form,
    Lang,
    Missing,
    Out,
    Plan,
    Sheet,
    StandardId,
    Year,
    shared,
)
from analysis.run.commands.process_setup import speak, stopped
from analysis.run.commands.proof_app import proof
from analysis.run.commands.show import Format
from analysis.run.commands.standards_app import standards
from analysis.statistics.level import LEVEL

USAGE = 2
INTERRUPTED = 130

app = typer.Typer(
    name="junheng",
    help=message("help_junheng"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"junheng {__version__}")
        raise typer.Exit


@app.callback()
def _junheng(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=message("help_version"))
    ] = False,
) -> None:
    pass


@app.command(help=message("help_cv"))
def cv(
    file: File,
    amount: Annotated[str, typer.Option(help=message("help_amount"), metavar="COL")],
    pupils: Annotated[str, typer.Option(help=message("help_pupils"), metavar="COL")],
    by: By = None,
    sheet: Sheet = "",
    encoding: Encoding = "",
    missing: Missing = None,
    form: Form = Format.TABLE,
) -> None:
    """Print the coefficient of each group of a table of schools."""
    from analysis.run.commands import coefficients, groups, show

    asked = groups.asked(sheet, encoding, missing)
    show.emit(show.show(coefficients.cv(file, amount, pupils, by or [], asked), form))


@app.command(help=message("help_icc"))
def icc(
    file: File,
    school: Annotated[str, typer.Option(help=message("help_school"), metavar="COL")],
    score: Annotated[list[str] | None, typer.Option(help=message("help_score"), metavar="COL")] = None,
    by: By = None,
    pv: Annotated[list[str] | None, typer.Option(help=message("help_pv"), metavar="COL")] = None,
    weight: Annotated[str | None, typer.Option(help=message("help_weight"), metavar="COL")] = None,
    covariate: Annotated[list[str] | None, typer.Option(help=message("help_covariate"), metavar="COL")] = None,
    n: Annotated[str | None, typer.Option("--n", help=message("help_n"), metavar="COL")] = None,
    mean: Annotated[str | None, typer.Option(help=message("help_mean"), metavar="COL")] = None,
    sd: Annotated[str | None, typer.Option(help=message("help_sd"), metavar="COL")] = None,
    schools: Annotated[bool, typer.Option("--schools", help=message("help_schools"))] = False,
    effects: Annotated[bool, typer.Option("--effects", help=message("help_effects"))] = False,
    limit: Annotated[float | None, typer.Option(help=message("help_limit"), show_default=False)] = None,
    level: Annotated[float, typer.Option(help=message("help_level"))] = LEVEL,
    sheet: Sheet = "",
    encoding: Encoding = "",
    missing: Missing = None,
    pivot: Annotated[str, typer.Option(help=message("help_pivot"), metavar="NAME")] = "corrected",
    form: Form = Format.TABLE,
) -> None:
    """Print the rate of each group of a table of pupils, or the statistics or effects of its schools."""
    from analysis.run.commands import groups, pupils, rates, show

    question = pupils.Question(
        school,
        tuple(score or ()),
        tuple(by or ()),
        tuple(pv or ()),
        weight,
        tuple(covariate or ()),
        n,
        mean,
        sd,
        limit,
        level,
        groups.asked(sheet, encoding, missing),
        pivot,
    )
    ask = rates.schools if schools else rates.effects if effects else rates.icc
    table = ask(file, question)
    show.emit(show.show(table, form))


@app.command(help=message("help_judge"))
def judge(
    file: File,
    standard: Annotated[str, typer.Option(metavar="ID", help=message("help_standard"))],
    form: Form = Format.TABLE,
) -> None:
    """Print the verdict of each county and stage of a table of published coefficients."""
    from analysis.judge import published
    from analysis.run.commands import show

    show.emit(show.show(published.judge_file(file, standard), form))


app.add_typer(standards, name="standards")
app.add_typer(office)
app.add_typer(intake)
app.add_typer(proof)
app.add_typer(ahead)


@app.command(help=message("help_report"))
@shared(*kind("county").options)
def report(
    county: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_county"))] = "", **words: str
) -> None:
    """Build one report; an empty option means its default, as Make hands it on."""
    from analysis.run.commands import report

    typer.echo(report.run(county, words.pop("year"), words))


@app.command(help=message("help_reports"))
@shared(*kind("county").options)
def reports(
    counties: Annotated[str, typer.Argument(metavar="all|COUNTY,...", help=message("help_counties"))] = "",
    jobs: Annotated[str, typer.Option(metavar="N", help=message("help_jobs"))] = "",
    scheduler: Annotated[str, typer.Option(metavar="tcp://HOST:PORT", help=message("help_scheduler"))] = "",
    **words: str,
) -> None:
    """Build the reports of many counties; an empty option means its default, as Make hands it on."""
    from analysis.run.commands import reports

    raise typer.Exit(reports.run(counties, jobs, words.pop("year"), words, scheduler))


@app.command(help=message("help_school_command"))
@shared(*kind("school").options)
def school(
    code: Annotated[str, typer.Argument(metavar="CODE", help=message("help_school_code"))] = "",
    county: Annotated[str, typer.Option(metavar="COUNTY", help=message("help_school_county"))] = "",
    **words: str,
) -> None:
    """Build the sheet of one school, or of every school of a county."""
    from analysis.run.commands import school

    typer.echo(school.run(code, county, words.pop("year"), words))


@app.command(help=message("help_region"))
@shared(*kind("region").options)
def region(
    code: Annotated[str, typer.Argument(metavar="REGION", help=message("help_region_code"))] = "", **words: str
) -> None:
    """Build the report on a province or city."""
    from analysis.run.commands import region

    raise typer.Exit(region.run(code, words.pop("year"), words))


@app.command(help=message("help_township"))
@shared(*kind("township").options)
def township(
    county: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_county"))] = "",
    name: Annotated[str, typer.Argument(metavar="TOWNSHIP", help=message("help_township_name"))] = "",
    **words: str,
) -> None:
    """Build the report on the schools of one township."""
    from analysis.run.commands import township

    typer.echo(township.run(county, name, words.pop("year"), words))


@app.command(help=message("help_site"))
def site(lang: Lang = "", audience: Audience = "", out: Out = "") -> None:
    """Write the page over all counties."""
    from analysis.run.build import site
    from analysis.run.build.placing import near

    typer.echo(message("site_done", page=near(site.run(lang, audience, out))))


@app.command(help=message("help_clean"))
def clean(out: Out = "") -> None:
    """Remove built reports and clean tables."""
    from analysis.run.commands import clean as cleaning

    typer.echo(cleaning.run(out))


@app.command("subject-report", help=message("help_subject_command"))
@shared(*kind("subject").options)
def subject_report(
    county: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_county"))] = "",
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help=message("help_subject"))] = "",
    **words: str,
) -> None:
    """Build the report on one subject of a county."""
    from analysis.run.commands import subject as on_subject

    typer.echo(on_subject.run(county, subject, words.pop("year"), words))


@app.command(help=message("help_data_command"))
def data(
    counties: Annotated[str, typer.Argument(metavar="all|COUNTY,...", help=message("help_counties"))] = "",
    jobs: Annotated[str, typer.Option(metavar="N", help=message("help_jobs"))] = "",
    data: Data = "",
) -> None:
    """Clean and judge the statistics of counties."""
    from analysis.run.commands import data as cleaning

    raise typer.Exit(cleaning.run(counties, data, jobs))


@app.command(help=message("help_sample"))
def sample(
    out: Annotated[str, typer.Option(metavar="DIR", help=message("help_sample_out"))] = "",
    counties: Annotated[int | None, typer.Option(metavar="N", min=1, help=message("help_sample_counties"))] = None,
    dirt: Annotated[float, typer.Option(metavar="SHARE", min=0.0, max=1.0, help=message("help_sample_dirt"))] = 0.0,
    seed: Annotated[int, typer.Option(metavar="N", help=message("help_sample_seed"))] = 0,
) -> None:
    """Write the fictional province, or any number of fictional counties."""
    from analysis import project
    from analysis.sample import write

    written = write(Path(out) if out else project.work() / "data" / "sample", counties=counties, dirt=dirt, seed=seed)
    typer.echo(message("sample_done", folder=written.folder, number=len(written.specs)))


@app.command(help=message("help_check"))
def check(
    argument: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_check_county"))] = "",
    county: Annotated[str, typer.Option(metavar="COUNTY", help=message("help_check_county"))] = "",
    notices: Annotated[bool, typer.Option("--notices", help=message("help_check_notices"))] = False,
    plan: Plan = "",
    form: Form = Format.TABLE,
    data: Data = "",
    out: Out = "",
) -> None:
    """Print what became of every row and cell read; exit code 1 where errors stand."""
    from analysis.run.commands import check as checking

    raise typer.Exit(checking.run(checking.one_of(argument, county), form, data, out, notices, plan))


@app.command(help=message("help_template"))
def template(
    table: Annotated[str, typer.Argument(metavar="TABLE", help=message("help_template_table"))],
    year: Annotated[str, typer.Option(metavar="YEAR", help=message("help_template_year"))] = "",
    standard: StandardId = "",
    plan: Plan = "",
    parts: Annotated[bool, typer.Option("--parts", help=message("help_template_parts"))] = False,
    out: Annotated[str, typer.Option(metavar="FILE", help=message("help_template_out"))] = "",
) -> None:
    """Write a blank workbook."""
    from analysis.run.commands import template as blank

    typer.echo("\n".join(blank.lines(table, year, out, blank.Asked(standard, plan, parts))))


@app.command(help=message("help_ledger"))
def ledger(
    county: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_county"))] = "",
    plan: Plan = "",
    data: Data = "",
    out: Out = "",
) -> None:
    """Write the workbook of the ledger once; afterwards tell what is in it, and what is new."""
    from analysis.run.commands import ledger as workbook

    typer.echo(workbook.run(county, plan, data, out))


@app.command(help=message("help_fieldcheck"))
@shared(*kind("fieldcheck").options)
def fieldcheck(
    county: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_county"))] = "",
    year: Year = "",
    schools: Annotated[str, typer.Option(metavar="N", help=message("help_fieldcheck_schools"))] = "",
    seed: Annotated[str, typer.Option(metavar="N", help=message("help_fieldcheck_seed"))] = "",
    risk: Annotated[str, typer.Option(metavar="PART", help=message("help_fieldcheck_risk"))] = "",
    **words: str,
) -> None:
    """Draw the schools of a field check once; afterwards judge again with what was found there."""
    from analysis.run.commands import fieldcheck

    drawn = {"schools": schools, "seed": seed, "risk": risk}
    raise typer.Exit(fieldcheck.run(county, year, drawn, words))


@app.command(help=message("help_update"))
def update(folder: Annotated[str, typer.Argument(metavar="FOLDER", help=message("help_update_folder"))]) -> None:
    """Bring an installation up to the version of the bundle that this is run from."""
    from analysis.run.commands import update as newer

    typer.echo(newer.run(folder))


@app.command(help=message("help_bundle"))
def bundle(
    platform: Annotated[str, typer.Option(metavar="PLATFORM", help=message("help_bundle_platform"))] = "",
    python: Annotated[str, typer.Option(metavar="VERSION", help=message("help_bundle_python"))] = "",
    data: Annotated[str, typer.Option(metavar="DIR", help=message("help_bundle_data"))] = "",
    out: Annotated[str, typer.Option(metavar="DIR", help=message("help_bundle_out"))] = "",
) -> None:
    """Make a folder to carry to a closed network."""
    from analysis.run.commands import bundle as carried

    typer.echo(carried.run(platform, python, data, out))


@app.command(help=message("help_diff"))
def diff(
    first: Annotated[str, typer.Argument(metavar="A", help=message("help_diff_a"))] = "",
    second: Annotated[str, typer.Argument(metavar="B", help=message("help_diff_b"))] = "",
    form: Form = Format.TABLE,
    data: Data = "",
    out: Out = "",
) -> None:
    """Print what differs between two drafts of a report, or between a report and the one that it replaced."""
    from analysis.run.commands import diff as drafts
    from analysis.run.commands import show

    show.emit(drafts.run(first, second, form, data, out))


def main(arguments: list[str] | None = None) -> int:
    """Run `junheng` with `arguments` (default: those of the process) and return its exit code.

    0 done; 1 finished with failures that are listed; 2 the request is wrong; 130 interrupted. A fault of the request,
    its data or its files is told in one line on standard error; a fault of ours keeps its traceback.
    """
    signal.signal(signal.SIGTERM, stopped)
    speak()
    typed = spread(sys.argv[1:] if arguments is None else arguments)
    try:
        with next_steps.waiting(typed):
            code = app(typed, prog_name="junheng", standalone_mode=False)
    except JunhengError as fault:
        typer.echo(str(fault), err=True)
        return fault.exit_code
    except typer.TyperException as fault:
        typer.echo(sentence(fault), err=True)
        return USAGE
    except OSError as fault:
        typer.echo(of_file(fault), err=True)
        return USAGE
    if code == INTERRUPTED:
        typer.echo(message("interrupted"), err=True)
    next_steps.tell(typed, code)
    return code if isinstance(code, int) else 0
