"""The engine: results in order, bounded memory, one failure is one result."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from traceback import format_exception
from typing import Any

import pytest

from mammoset import engine
from mammoset.engine import Failure
from mammoset.errors import RefusedObject, StorageError


def square(number: int) -> int:
    return number * number


def refuse_odd(number: int) -> int:
    if number % 2:
        raise RefusedObject("unknown_view", "odd")
    return number


def fail_on_three(number: int) -> int:
    if number == 3:
        raise ValueError("NGUYEN^THI^LAN")
    return number


def find_the_disk_full_at_three(number: int) -> int:
    if number == 3:
        try:
            raise ValueError("NGUYEN^THI^LAN")
        except ValueError as error:
            raise StorageError("content: its disk is full") from error
    return number


class Unspeakable(Exception):
    """An exception that cannot go from process to process."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first)
        self.second = lambda: second


def fail_unspeakably(number: int) -> int:
    if number == 3:
        raise Unspeakable("NGUYEN", "LAN")
    return number


def exit_on_three(number: int) -> int:
    if number == 3:
        sys.exit("NGUYEN^THI^LAN")
    return number


def return_a_function_for_three(number: int) -> Any:
    return (lambda: number) if number == 3 else number


class Unreadable:
    """A result that ends whoever unpickles it with an error."""

    def __reduce__(self) -> Any:
        return int, ("NGUYEN^THI^LAN",)


def return_something_unreadable_for_three(number: int) -> Any:
    return Unreadable() if number == 3 else number


def die_on_multiples_of_three(number: int) -> int:
    if number % 3 == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def pid_after(item: tuple[Path, int]) -> int:
    """Say which process this is, in a file and as the result."""
    folder, number = item
    (folder / f"{number}").write_text(str(os.getpid()))
    return os.getpid()


def is_running(pid: int) -> bool:
    """Whether a process exists and has not merely not been waited for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def go_round_in_circles_on_three(number: int) -> int:
    while number == 3:
        pass
    return number


def die_on_three(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_items(workers: int) -> None:
    assert list(engine.run(square, range(50), workers=workers)) == [n * n for n in range(50)]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_refused_object_is_one_result_with_its_reason(workers: int) -> None:
    results = list(engine.run(refuse_odd, range(4), workers=workers))
    assert results == [0, Failure(1, "RefusedObject", "unknown_view", "odd"), 2,
                       Failure(3, "RefusedObject", "unknown_view", "odd")]  # fmt: skip


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failure_does_not_quote_what_a_foreign_exception_says(workers: int) -> None:
    failure = list(engine.run(fail_on_three, range(5), workers=workers))[3]
    assert failure == Failure(3, "ValueError", "", "ValueError")
    assert "NGUYEN" not in repr(failure)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_disk_that_cannot_be_written_ends_the_run_after_the_results_before_it(workers: int) -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    results = engine.run(find_the_disk_full_at_three, items(), workers=workers)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(StorageError, match=r"^content: its disk is full$") as caught:
        next(results)
    assert workers == 1 or "NGUYEN" not in "".join(format_exception(caught.value))
    assert len(taken) <= 4 + workers * engine.IN_FLIGHT_PER_WORKER


def test_a_worker_that_dies_costs_its_own_item_only() -> None:
    results = list(engine.run(die_on_three, range(12), workers=2))
    assert [one for one in results if not isinstance(one, Failure)] == [n for n in range(12) if n != 3]
    (failure,) = [one for one in results if isinstance(one, Failure)]
    assert (failure.item, failure.kind) == (3, "WorkerDied")


def test_a_worker_that_never_comes_back_is_ended_and_costs_its_own_item_only() -> None:
    results = list(engine.run(go_round_in_circles_on_three, range(6), workers=2, item_seconds=1))
    assert [one for one in results if not isinstance(one, Failure)] == [0, 1, 2, 4, 5]
    (failure,) = [one for one in results if isinstance(one, Failure)]
    assert (failure.item, failure.kind) == (3, "WorkerDied")


def test_several_items_that_kill_their_workers_cost_those_items_only() -> None:
    results = list(engine.run(die_on_multiples_of_three, range(10), workers=2))
    assert [one for one in results if not isinstance(one, Failure)] == [1, 2, 4, 5, 7, 8]
    assert [(one.item, one.kind) for one in results if isinstance(one, Failure)] == [
        (number, "WorkerDied") for number in (0, 3, 6, 9)
    ]


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (fail_unspeakably, {"Unspeakable"}),
        (exit_on_three, {"SystemExit"}),
        (return_a_function_for_three, {"AttributeError", "PicklingError"}),
        (return_something_unreadable_for_three, {"WorkerDied", "ValueError"}),
    ],
)
def test_what_cannot_come_back_from_a_worker_costs_its_own_item_only(
    function: Callable[[int], Any], kind: set[str]
) -> None:
    results = list(engine.run(function, range(8), workers=2))
    assert [one for one in results if not isinstance(one, Failure)] == [0, 1, 2, 4, 5, 6, 7]
    (failure,) = [one for one in results if isinstance(one, Failure)]
    assert failure.item == 3
    assert failure.kind in kind
    assert "NGUYEN" not in repr(failure)


def test_an_item_that_cannot_go_to_a_worker_costs_itself_only() -> None:
    results = list(engine.run(str, [1, lambda: None, 3], workers=2))
    assert isinstance(results[1], Failure)
    assert [results[0], results[2]] == ["1", "3"]


def test_an_item_that_ends_the_program_is_one_failure_without_processes_too() -> None:
    assert list(engine.run(exit_on_three, range(2, 5), workers=1)) == [2, Failure(3, "SystemExit", "", "SystemExit"), 4]


def test_a_worker_killed_between_items_costs_nothing(tmp_path: Path) -> None:
    results = engine.run(pid_after, ((tmp_path, number) for number in range(30)), workers=2)
    first = next(results)
    assert isinstance(first, int)
    os.kill(first, signal.SIGKILL)
    assert len([one for one in results if isinstance(one, int)]) == 29


def test_a_run_that_is_left_early_leaves_no_process_behind(tmp_path: Path) -> None:
    results = engine.run(pid_after, ((tmp_path, number) for number in range(1000)), workers=2)
    for _ in range(4):
        next(results)
    results.close()
    pids = {int(path.read_text()) for path in tmp_path.iterdir()}
    assert pids
    assert not [pid for pid in pids if is_running(pid)]
    assert len(list(tmp_path.iterdir())) < 1000


def test_ctrl_c_ends_a_run_and_its_workers_without_their_complaints(tmp_path: Path) -> None:
    script = tmp_path / "interrupted.py"
    script.write_text(INTERRUPTED)
    process = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    os.killpg(process.pid, signal.SIGINT)
    _, complaints = process.communicate(timeout=60)
    pids = [int(path.read_text()) for path in tmp_path.glob("pid.*")]
    assert pids
    assert not [pid for pid in pids if is_running(pid)]
    assert complaints.count("Traceback") == 1
    assert complaints.rstrip().endswith("KeyboardInterrupt")


INTERRUPTED = """
import os, signal, sys, threading
from pathlib import Path
from mammoset import engine

def wait(number):
    Path(sys.argv[1], f"pid.{number}").write_text(str(os.getpid()))
    if number > 1:
        threading.Event().wait(0.5)
    return number

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background ignores it
    for number in engine.run(wait, range(1000), workers=2):
        if number == 1:
            print("started", flush=True)
"""


def test_items_are_taken_only_a_few_ahead_of_the_results() -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield number

    results = engine.run(square, items(), workers=2)
    next(results)
    assert taken <= 2 * engine.IN_FLIGHT_PER_WORKER + 1
    results.close()


def test_by_default_one_worker_runs_per_core_of_this_process() -> None:
    assert engine.n_workers() == len(os.sched_getaffinity(0))
    assert engine.n_workers(3) == 3


def test_workers_end_with_a_program_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(
        "import os, signal\nfrom mammoset import engine\n"
        "if __name__ == '__main__':\n"
        "    next(engine.run(abs, iter(int, 1), workers=2))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    # the workers hold the output: it ends when the last of them does
    done = subprocess.run([sys.executable, str(script)], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL


def test_a_script_without_a_guard_gets_one_clear_error(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text("from mammoset import engine\nprint(list(engine.run(abs, range(5), workers=2)))\n")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert done.stderr.rstrip().endswith("or ask for workers=1")
    assert "[0, 1, 2, 3, 4]" not in done.stdout
