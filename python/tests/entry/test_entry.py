"""What the supervisor believes about a program: where it stopped, what it left, how much it wrote."""

import os
import struct
from pathlib import Path

import pytest
from automlgen_runtime.entry import disk, kaggle, seccomp
from automlgen_runtime.entry.collect import collect
from automlgen_runtime.entry.milestones import milestones
from automlgen_runtime.entry.streams import HEAD_BYTES, TAIL_BYTES, KeptOutput
from automlgen_runtime.entry.view import Ended

PROGRAM = """import pandas as pd
def load():
    return pd.read_csv("a")
def train(table):
    model = Model()
    model.fit(table)
    return model
table = load()
model = train(table)
print(roc_auc_score(1, 2))
p = model.predict_proba(table)
p.to_csv("working/submission.csv")
"""


def stopped_at(*frames, code=1):
    ended = Ended(exit_code=code)
    lines = "".join(f'  File "/job/solution.py", line {line}, in {name}\n' for line, name in frames)
    ended.stderr.add(f"Traceback (most recent call last):\n{lines}ValueError: no\n".encode())
    return ended


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        ([(1, "<module>")], 0),
        ([(8, "<module>"), (3, "load")], 1),
        ([(9, "<module>"), (6, "train")], 2),
        ([(10, "<module>")], 3),
        ([(12, "<module>")], 6),
    ],
)
def test_milestones_follow_the_frames(frames, expected):
    assert milestones(PROGRAM, stopped_at(*frames)) == expected


def test_milestones_of_what_cannot_be_known():
    assert milestones("def (:", stopped_at((1, "<module>"))) == 0
    assert milestones(PROGRAM, Ended(exit_code=None)) == 0
    assert milestones(PROGRAM, Ended(exit_code=0)) == 6


def test_head_and_tail_are_kept_however_much_is_written():
    kept = KeptOutput()
    kept.add(b"start")
    for _ in range(50):
        kept.add(b"x" * 10_000)
    kept.add(b"end\0")
    assert kept.total == 500_009
    assert kept.head.startswith("start") and len(kept.head) == HEAD_BYTES
    assert kept.tail.endswith("end\N{REPLACEMENT CHARACTER}") and len(kept.tail) == TAIL_BYTES


def test_collect_refuses_by_name(tmp_path):
    working, target = tmp_path / "working", tmp_path / "target"
    working.mkdir()
    (working / "plain.csv").write_text("1")
    (working / "link.csv").symlink_to(working / "plain.csv")
    os.mkfifo(working / "pipe.csv")
    names = ["plain.csv", "link.csv", "pipe.csv", "absent.csv", "absent/inner.csv"]
    found = {one["name"]: one for one in collect(working, names, target, 1)}
    assert found["plain.csv"] == {"name": "plain.csv", "bytes": 1}
    assert "symbolic link" in found["link.csv"]["refused"]
    assert "named pipe" in found["pipe.csv"]["refused"]
    assert found["absent.csv"] == {"name": "absent.csv"}
    assert found["absent/inner.csv"] == {"name": "absent/inner.csv"}
    assert sorted(path.name for path in target.iterdir()) == ["plain.csv"]


def test_trees_of_any_depth_are_measured_and_removed(tmp_path):
    top = tmp_path / "top"
    top.mkdir()
    handle = os.open(top, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=handle)
        inner = os.open("d", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(handle)
    assert disk.usage(top, 10**12).too_deep
    (top / "kept").symlink_to(tmp_path)
    disk.remove_tree(top)
    assert not top.exists() and tmp_path.exists()


@pytest.mark.parametrize("machine", sorted(seccomp.AUDIT))
def test_every_jump_of_the_filter_lands_inside(machine):
    rules = list(struct.iter_unpack("<HBBI", seccomp.build(machine)))
    for index, (code, yes, no, _) in enumerate(rules):
        if code in (seccomp.JUMP_EQUAL, seccomp.JUMP_SET, seccomp.JUMP_GREATER_EQUAL):
            assert index + 1 + max(yes, no) < len(rules)
    assert rules[-1] == (seccomp.RETURN, 0, 0, seccomp.ALLOW)


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("pd.read_csv('input/train.csv')", []),
        ("pd.read_csv('/kaggle/input/titanic/train.csv')", ["/kaggle/input/titanic"]),
        ("A = '/kaggle/input/a-b'; B = \"/kaggle/input/c_2/x\"", ["/kaggle/input/a-b", "/kaggle/input/c_2"]),
        ("os.walk('/kaggle/input')", ["/kaggle/input"]),
        ("open('/kaggle/input/train.csv')", ["/kaggle/input"]),
        ("open('/kaggle/input/../../etc/passwd')", ["/kaggle/input"]),
        ("open('/kaggle/working/submission.csv', 'w')", ["/kaggle/input"]),
        ("".join(f"'/kaggle/input/n{i}/'" for i in range(99)), [f"/kaggle/input/n{i}" for i in (0, 1, *range(10, 16))]),
    ],
)
def test_the_view_is_shown_under_the_names_that_notebooks_use(tmp_path, program, shown):
    path = tmp_path / "solution.py"
    path.write_text(program)
    options = kaggle.options(path, Path("/the/view"))
    binds = [options[i + 2] for i, word in enumerate(options) if word == "--ro-bind"]
    assert binds == shown
    assert all(options[i + 1] == "/the/view" for i, word in enumerate(options) if word == "--ro-bind")
    assert (options[-3:] == ["--symlink", "/job/working", "/kaggle/working"]) == bool(shown)
