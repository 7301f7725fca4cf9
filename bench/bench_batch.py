"""Issuing a batch of one form, against LibreOffice alone and Carbone converting the same documents.

    python -m bench.bench_batch [--form jincheng-authorisation] [--documents 400] [--rounds 3] [--carbone]

Ours is the whole command on a new workspace, from reading the cases to published, checked, marked and registered DOCX
and PDF. The peers: ``soffice --convert-to pdf`` on the DOCX files that were issued, 200 at a time; and, with
``--carbone`` (needs npm), Carbone with two LibreOffice workers, which makes PDF files from one issued DOCX as template.
Prints ms a document of each, median of the rounds, and the ratio to ours.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from bench.measuring import run_generate
from simulator.cases.plausible import full_case, small_case
from simulator.workspaces.issuing import create_workspace

CARBONE = "carbone@3.8.2"
#: Files per call: given 400 at once, LibreOffice 25.2 silently ends after some 250 of them.
FILES_PER_CALL = 200
_RENDER = """
const carbone = require('carbone'), fs = require('fs');
const [template, data, out] = process.argv.slice(2);
carbone.set({factories: 2, startFactory: true});
const rows = JSON.parse(fs.readFileSync(data));
let started = Date.now(), left = rows.length, next = 0;
function one() {
  if (next >= rows.length) return;
  const index = next++;
  carbone.render(template, rows[index], {convertTo: 'pdf'}, (error, result) => {
    if (error) throw error;
    fs.writeFileSync(`${out}/${index}.pdf`, result);
    if (--left === 0) { console.log((Date.now() - started) / 1000); process.exit(0); }
    one();
  });
}
setTimeout(() => { started = Date.now(); one(); one(); }, 3000);  // the start of the workers does not count
"""


def ours(folder: Path, form: str) -> float:
    """Seconds for the whole command."""
    run = run_generate(folder, "--form", form, "--workers", "2")
    if run.exit_code or run.failed:
        raise SystemExit(f"generate ended with {run.exit_code}: {run.errors[:1]}")
    return run.seconds


def soffice(folder: Path, scratch: Path) -> float:
    """Seconds for LibreOffice to convert all issued DOCX files, with a profile that was started once before."""
    source = scratch / "docx"
    source.mkdir()
    for number, docx in enumerate(sorted((folder / "issued").rglob("*.docx"))):
        shutil.copy(docx, source / f"{number}.docx")
    files = sorted(source.iterdir())
    profile = f"-env:UserInstallation={(scratch / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir"]
    subprocess.run([*command, scratch / "warm", files[0]], stdout=subprocess.DEVNULL, check=True)
    started = time.perf_counter()
    for first in range(0, len(files), FILES_PER_CALL):
        some = files[first : first + FILES_PER_CALL]
        subprocess.run([*command, scratch / "pdf", *some], stdout=subprocess.DEVNULL, check=True)
    seconds = time.perf_counter() - started
    assert len(list((scratch / "pdf").glob("*.pdf"))) == len(files)
    return seconds


def carbone(folder: Path, scratch: Path) -> float:
    """Seconds for Carbone to make the same number of PDFs from one issued DOCX as template."""
    home = scratch / "node"
    home.mkdir()
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", CARBONE], cwd=home, check=True)
    (home / "render.js").write_text(_RENDER)
    documents = sorted((folder / "issued").rglob("*.docx"))
    template, out = home / "template.docx", home / "out"
    shutil.copy(documents[0], template)
    out.mkdir()
    (home / "data.json").write_text(json.dumps([{"number": index} for index in range(len(documents))]))
    # Carbone calls soffice.bin itself, and needs the Python that has the LibreOffice bridge: that of the system.
    program = Path(shutil.which("soffice") or "soffice").resolve().parent
    done = subprocess.run(
        ["node", "render.js", template, "data.json", out],
        cwd=home,
        env={**os.environ, "PATH": f"{program}:/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert len(list(out.glob("*.pdf"))) == len(documents)
    return float(done.stdout.split()[-1])


def measure(form: str, documents: int, rounds: int, with_carbone: bool) -> None:
    """Print per-document medians and ratios."""
    make_case = full_case if form.endswith("assessment") else small_case
    results: dict[str, list[float]] = {"daiban": [], "soffice": []}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="daiban-bench-") as temporary:
            folder = create_workspace(
                Path(temporary) / "ws", [make_case(number) for number in range(documents)]
            )
            results["daiban"].append(ours(folder, form))
            scratch = Path(temporary) / "scratch"
            scratch.mkdir()
            results["soffice"].append(soffice(folder, scratch))
            if with_carbone:
                results.setdefault("carbone", []).append(carbone(folder, scratch))
    base = statistics.median(results["daiban"])
    print(f"{form}, {documents} documents, median of {rounds} rounds, {os.cpu_count()} cores")
    for name, seconds in results.items():
        middle = statistics.median(seconds)
        print(f"  {name:8s} {1000 * middle / documents:8.2f} ms a document   {middle / base:6.2f} x daiban")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.bench_batch", description=__doc__.splitlines()[0])
    parser.add_argument("--form", default="jincheng-authorisation")
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--carbone", action="store_true")
    options = parser.parse_args()
    measure(options.form, options.documents, options.rounds, options.carbone)


if __name__ == "__main__":
    main()
