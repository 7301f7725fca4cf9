"""The long work of this door: issuing, print files, packets, rosters, merging, trials of forms."""

from __future__ import annotations

from urllib.parse import quote

from django.urls import reverse

from daiban.office import Office
from daiban.progress_bar import Progress
from daiban.web.access import Role
from daiban.web.current import current_board
from daiban.web.jobs.job_kinds import IssueArguments, issue_documents
from daiban.web.jobs.kinds import JobKind, JobOutcome, register
from foundation.errors import ExitCode
from foundation.frozen_model import FrozenModel

_STAFF = frozenset({Role.STAFF})


class PrintArguments(FrozenModel):
    """Which cases; none named: all."""

    cases: tuple[str, ...] = ()


class PacketArguments(FrozenModel):
    """Whose packet. ``by``: who asked for it, on record with the access code that it prints."""

    case: str
    by: str = ""


class ReviewArguments(FrozenModel):
    """Which dropped roster."""

    token: str


class TakeRosterArguments(FrozenModel):
    """Which dropped roster is to count, and for which cases instead of their own files."""

    token: str
    from_roster: tuple[str, ...] = ()


class MergeArguments(FrozenModel):
    """Which dropped sheets, of which case; ``anew``: without what was merged before."""

    token: str
    case: str
    anew: bool = False


class TakeFormArguments(FrozenModel):
    """Which dropped ZIP of an own form."""

    token: str


class TrialArguments(FrozenModel):
    """Which form."""

    form: str


def _print(office: Office, arguments: PrintArguments, progress: Progress) -> JobOutcome:
    from daiban.handing_out.print_file import make_print_file

    with progress.bar(1, "合并打印文件"):
        done = make_print_file(office, arguments.cases)
    return JobOutcome(
        f"{len(done.papers)} 份文书，{done.pages} 页，双面打印 {done.sheets} 张",
        done.problems,
        done.exit_code,
        link=_made(done.file),
    )


def _packet(office: Office, arguments: PacketArguments, progress: Progress) -> JobOutcome:
    from daiban.packing.packet import make_packet

    with progress.bar(1, "制作材料包"):
        done = make_packet(office, arguments.case, by=arguments.by)
    return JobOutcome(f"材料包里有 {len(done.forms)} 份文书", done.problems, link=_made(done.zip))


def _made(file: str) -> str:
    folder, _, name = file.partition("/")
    return reverse("staff:made-file", args=[folder, name])


def _review(office: Office, arguments: ReviewArguments, progress: Progress) -> JobOutcome:
    from daiban.roster_review import review_roster
    from daiban.web.staff.drops import drop_of, keep_review

    drop = drop_of(arguments.token, "roster")
    with progress.bar(1, "检查花名册") as bar:
        review = review_roster(office, drop.files[0])
        bar.advance()
    keep_review(drop, review)
    errors = sum(problem.severity == "error" for problem in review.problems)
    said = f"{review.cases} 个案件，{errors} 处错误，{len(review.planned)} 份文书要出"
    return JobOutcome(said, link=reverse("staff:roster", args=[arguments.token]))


def _take_roster(office: Office, arguments: TakeRosterArguments, progress: Progress) -> JobOutcome:
    from daiban.roster_review import put_in_place
    from daiban.web.staff.drops import drop_of

    drop = drop_of(arguments.token, "roster")
    review = drop.review
    assert review is not None, "confirmed before it was reviewed"
    put_in_place(office.workspace, drop.files[0], review, from_roster=arguments.from_roster)
    done = issue_documents(Office.open(office.workspace.path), IssueArguments(), progress)
    return JobOutcome(f"花名册已换上。{done.summary}", done.problems, done.exit_code, link=done.link)


def _merge(office: Office, arguments: MergeArguments, progress: Progress) -> JobOutcome:
    from daiban.merging.run import merge_files
    from daiban.web.staff.drops import drop_of

    drop = drop_of(arguments.token, "sheets")
    with progress.bar(len(drop.files), "汇总研判表"):
        done = merge_files(office, arguments.case, drop.files, anew=arguments.anew)
    current_board().changed([arguments.case])
    wanting = sum(one.settled is None for one in done.contradictions)
    said = f"汇总了 {len(done.sources)} 个科室的研判表" + (f"，有 {wanting} 处矛盾待定" if wanting else "")
    return JobOutcome(said, link=reverse("staff:case", args=[arguments.case]))


def _take_form(office: Office, arguments: TakeFormArguments, progress: Progress) -> JobOutcome:
    from daiban.form_upload import take_form
    from daiban.web.staff.drops import drop_of

    drop = drop_of(arguments.token, "form")
    with progress.bar(1, "检查表单"):
        done = take_form(office, drop.files[0], drop.names[0])
    if done.folder is None or done.form is None:
        return JobOutcome(
            "表单有问题，没有放进来", done.problems, ExitCode.FORM, link=reverse("staff:own-forms")
        )
    replaced = f"，原来的在 {done.superseded}" if done.superseded else ""
    link = reverse("staff:own-form", args=[done.form])
    return JobOutcome(f"《{done.title}》已放进 {done.folder}{replaced}", done.problems, link=link)


def _try(office: Office, arguments: TrialArguments, progress: Progress) -> JobOutcome:
    from daiban.form_trial import try_form
    from daiban.web.staff.trials import keep_trial, trial_folder

    with progress.bar(1, "试印"):
        trial = try_form(office, arguments.form, trial_folder(arguments.form, fresh=True))
    keep_trial(trial)
    said = f"用示例案件 {trial.case} 试印，{trial.pages} 页" if trial.pages else "没有排出来"
    return JobOutcome(said, trial.problems, link=f"{reverse('staff:own-forms')}{quote(arguments.form)}/")


register(JobKind("print-file", "打印文件", PrintArguments, _print, _STAFF))
register(JobKind("packet", "材料包", PacketArguments, _packet, _STAFF))
register(JobKind("roster-review", "检查花名册", ReviewArguments, _review, _STAFF))
register(JobKind("roster-take", "换上花名册并出具", TakeRosterArguments, _take_roster, _STAFF))
register(JobKind("merge", "汇总研判表", MergeArguments, _merge, _STAFF))
register(JobKind("form-take", "放进自有表单", TakeFormArguments, _take_form, _STAFF))
register(JobKind("form-trial", "试印自有表单", TrialArguments, _try, _STAFF))
