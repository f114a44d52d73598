"""What the exact adversary costs as documents grow: time, its growth, and peak memory."""

import math
import subprocess
import sys

import long_documents
import pytest

from attnaudit.adversaries import exact_adversary

LENGTHS = (1000, 2000, 4000, 8000)
AT_ONCE = 8
ROUNDS = 5


@pytest.fixture(scope="module")
def seconds():
    """Median seconds per document by attention and length, as they are measured."""
    return {}


@pytest.mark.parametrize("tokens", LENGTHS)
@pytest.mark.parametrize("attention", long_documents.ATTENTIONS)
def test_long_documents(benchmark, seconds, attention, tokens):
    units = long_documents.drawn(attention, tokens, AT_ONCE)

    def solve():
        return exact_adversary(*units, max_tvd=long_documents.MAX_TVD)

    found = benchmark.pedantic(solve, rounds=ROUNDS, warmup_rounds=1)
    seconds[attention, tokens] = benchmark.stats.stats.median / AT_ONCE
    command = [sys.executable, long_documents.__file__, attention, str(tokens), str(AT_ONCE)]
    peak = subprocess.run(command, capture_output=True, text=True, check=True)
    benchmark.extra_info.update(
        {
            "milliseconds_per_document": round(1000 * seconds[attention, tokens], 2),
            "peak_mebibytes": int(peak.stdout),
        }
    )
    before = seconds.get((attention, tokens // 2))
    if before is not None:
        # Twice the tokens cost two to this power as much; 2 would be the cost of all pairs.
        power = math.log2(seconds[attention, tokens] / before)
        benchmark.extra_info["growth_exponent"] = round(power, 2)
    assert float(found.tvd.max()) <= long_documents.MAX_TVD + 1e-6
