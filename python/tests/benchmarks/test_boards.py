"""Leaderboards: direction, thresholds by position, the traps of real ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import automlgen_runtime
import pytest
from automlgen_runtime.benchmarks.boards import facts, is_pointer, read_board
from automlgen_runtime.errors import UserFault
from automlgen_runtime.medals import positions

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
COLUMNS = "scoreNullable,teamId,hasTeamName,submissionDate,score,hasScore"


def bench_board(folder: Path, scores: list[float | str]) -> Path:
    path = folder / "leaderboard.csv"
    rows = [f"{s},{i},True,2020-01-01,{s},{s != ''}" for i, s in enumerate(scores)]
    path.write_text("\n".join([COLUMNS, *rows]) + "\n")
    return path


def text_board(folder: Path, scores: list[float]) -> Path:
    path = folder / "private_leaderboard.csv"
    path.write_text("rank,score\n" + "".join(f"{i + 1},{s}\n" for i, s in enumerate(scores)))
    return path


def by_the_book(teams: int) -> tuple[int, int, int]:
    """The rule as the benchmark states it: floors, and at least the first place."""
    if teams < 100:
        return max(1, int(teams * 0.1)), max(1, int(teams * 0.2)), max(1, int(teams * 0.4))
    if teams < 250:
        return 10, int(teams * 0.2), int(teams * 0.4)
    if teams < 1000:
        return 10 + int(teams * 0.002), 50, 100
    return 10 + int(teams * 0.002), int(teams * 0.05), int(teams * 0.1)


def test_positions_are_the_rule_for_every_size() -> None:
    assert [n for n in range(1, 6000) if positions(n) != by_the_book(n)] == []


@pytest.mark.parametrize(
    ("teams", "places"),
    [
        (1, (1, 1, 1)),
        (79, (7, 15, 31)),
        (99, (9, 19, 39)),
        (100, (10, 20, 40)),
        (161, (10, 32, 64)),
        (249, (10, 49, 99)),
        (250, (10, 50, 100)),
        (878, (11, 50, 100)),
        (999, (11, 50, 100)),
        (1000, (12, 50, 100)),
        (3537, (17, 176, 353)),
    ],
)
def test_thresholds_stand_at_the_place_of_each_bracket(tmp_path: Path, teams: int, places: tuple[int, ...]) -> None:
    falling = [round(1 - i / 10_000, 5) for i in range(teams)]
    board = facts(read_board(text_board(tmp_path, falling)))
    assert [board["gold"], board["silver"], board["bronze"]] == [falling[place - 1] for place in places]
    assert board["teams"] == teams


def test_both_forms_of_a_board_give_the_same(tmp_path: Path) -> None:
    scores = [0.9, 0.8, 0.8, 0.5]
    bench, text = read_board(bench_board(tmp_path, list(scores))), read_board(text_board(tmp_path, scores))
    assert facts(bench) == facts(text)
    assert facts(bench)["median"] == 0.8


@pytest.mark.parametrize(("scores", "lower"), [([0.1, 0.2, 0.3], True), ([0.3, 0.2, 0.1], False), ([1.0, 1.0], False)])
def test_direction_is_that_of_the_first_and_the_last_row(tmp_path: Path, scores: list[float], lower: bool) -> None:
    assert facts(read_board(text_board(tmp_path, scores)))["isLowerBetter"] is lower


def test_a_smaller_is_better_board_has_its_thresholds_at_the_small_end(tmp_path: Path) -> None:
    board = facts(read_board(text_board(tmp_path, [i / 100 for i in range(1, 101)])))
    assert (board["gold"], board["silver"], board["bronze"], board["median"]) == (0.1, 0.2, 0.4, pytest.approx(0.505))


def test_an_lfs_pointer_is_named_with_its_remedy(tmp_path: Path) -> None:
    path = tmp_path / "leaderboard.csv"
    path.write_text(POINTER)
    assert is_pointer(path)
    with pytest.raises(UserFault, match="git-LFS pointer") as fault:
        read_board(path)
    assert fault.value.code == "benchmark-invalid"
    assert "git lfs pull" in fault.value.next


def test_sentinel_scores_are_flagged(tmp_path: Path) -> None:
    board = read_board(text_board(tmp_path, [0.1, 0.2, 0.5, *[999999.0] * 3]))
    assert len(board.warnings) == 1
    assert board.warnings[0].startswith("3 of 6 scores")
    assert "999999" in board.warnings[0]


@pytest.mark.parametrize("scores", [[99999.5, 99998.0, 99990.0], [16.95, 17.06, 17.7], [-0.5, -0.6, -8.0], [3e6, 2e6]])
def test_ordinary_scores_are_not_flagged(tmp_path: Path, scores: list[float]) -> None:
    assert read_board(text_board(tmp_path, scores)).warnings == ()


def test_infinite_scores_are_flagged(tmp_path: Path) -> None:
    assert "stand for no score" in read_board(bench_board(tmp_path, [0.1, 0.2, "inf"])).warnings[0]


def test_rows_without_a_score_are_left_out_and_counted(tmp_path: Path) -> None:
    board = read_board(bench_board(tmp_path, [0.9, "", 0.5]))
    assert board.scores.tolist() == [0.9, 0.5]
    assert board.warnings == ("1 rows of the leaderboard have no score and were left out.",)


def test_a_board_out_of_order_says_so(tmp_path: Path) -> None:
    assert "not ordered" in read_board(text_board(tmp_path, [0.9, 0.2, 0.5, 0.1])).warnings[0]


@pytest.mark.parametrize("text", ["rank,points\n1,2\n", "rank,score\n", "rank,score\n1,none\n"])
def test_a_file_that_is_no_board_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "board.csv"
    path.write_text(text)
    with pytest.raises(UserFault) as fault:
        read_board(path)
    assert str(path) in fault.value.message


def test_the_command_answers_in_json_and_faults_are_answers(tmp_path: Path) -> None:
    good, missing = text_board(tmp_path, [0.9, 0.5]), tmp_path / "none.csv"

    def ask(path: Path) -> dict:
        command = [sys.executable, "-m", "automlgen_runtime.benchmarks", "grade"]
        request = json.dumps({"boards": [str(path)]})
        environment = {**os.environ, "PYTHONPATH": str(Path(automlgen_runtime.__file__).parents[1])}
        done = subprocess.run(command, input=request, capture_output=True, text=True, check=True, env=environment)
        return json.loads(done.stdout)

    assert ask(good)["boards"] == [[0.9, 0.5]]
    assert ask(missing)["error"]["code"] == "path-missing"
