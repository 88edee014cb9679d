"""Figures of the Python package, merged into target/bench.json beside those of the core.

python figures.py BENCH_JSON WHEEL PYTHON OFFICIAL_PYTHON

PYTHON has the package installed, OFFICIAL_PYTHON the official client. What is compared is measured
in the same run: import times alternate, each above the start of a bare interpreter.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

PEAK = """
import resource
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
PLANNING = """
import time
from authentik_netbird import NetbirdIntegration

integration = NetbirdIntegration("https://authentik.company", "netbird.company")

def each(call, count=2000):
    best = min(timed(call, count) for _ in range(7))
    return best * 1e6

def timed(call, count):
    start = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - start) / count

print(each(integration.preview))
"""


def milliseconds(python: str, code: str) -> float:
    """How long a new interpreter takes for some code."""
    start = time.perf_counter()
    subprocess.run([python, "-I", "-c", code], check=True)
    return (time.perf_counter() - start) * 1000


def output(python: str, code: str) -> list[float]:
    done = subprocess.run([python, "-I", "-c", code], check=True, capture_output=True, text=True)
    return [float(word) for word in done.stdout.split()]


def imports(python: str, official: str) -> dict[str, float]:
    """Medians above a bare start; the official client takes seconds, so it is asked less often."""
    for interpreter, module in ((python, "authentik_netbird"), (official, "authentik_client")):
        milliseconds(interpreter, f"import {module}")  # compiles what is imported
    bare, ours, bare_official, theirs = [], [], [], []
    for run in range(40):
        bare.append(milliseconds(python, "pass"))
        ours.append(milliseconds(python, "import authentik_netbird"))
        if run % 8 == 0:
            bare_official.append(milliseconds(official, "pass"))
            theirs.append(milliseconds(official, "import authentik_client"))
    our = statistics.median(ours) - statistics.median(bare)
    their = statistics.median(theirs) - statistics.median(bare_official)
    peak = output(python, PEAK)[0]
    return {
        "import_ms": our,
        "import_ratio": their / our,
        "import_rss_mb": output(python, f"import authentik_netbird{PEAK}")[0] - peak,
        "official_import_ms": their,
        "official_import_rss_mb": output(official, f"import authentik_client{PEAK}")[0] - peak,
    }


def main() -> None:
    path, wheel, python, official = Path(sys.argv[1]), *sys.argv[2:]
    figures = json.loads(path.read_text())
    [preview] = output(python, PLANNING)
    fleet = Path(__file__).with_name("fleet.py")
    done = subprocess.run([python, fleet], check=True, capture_output=True, text=True)
    added = {
        **imports(python, official),
        "wheel_mb": Path(wheel).stat().st_size / 1e6,
        "python_preview_microseconds": preview,
        **json.loads(done.stdout),
    }
    figures.update({name: round(value, 2) for name, value in added.items()})
    path.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps({name: figures[name] for name in added}, indent=2))


if __name__ == "__main__":
    main()
