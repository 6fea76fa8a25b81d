"""What the shipped FAQ answers and what it leaves alone, whatever stands around the error."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from triagebot.pipeline import Triage
from triagebot.records import Level, Report
from triagebot.wiring import load_knowledge

CORE = Triage(load_knowledge(None))

ERRORS = {
    "mmcv-ops-missing": "ModuleNotFoundError: No module named 'mmcv._ext'",
    "no-kernel-image": "RuntimeError: CUDA error: no kernel image is available for execution on the device",
    "gpu-out-of-memory": "RuntimeError: CUDA out of memory. Tried to allocate 1.53 GiB (GPU 0; 10.76 GiB total capacity)",
    "mmcv-version-incompatible": "AssertionError: MMCV==1.3.3 is used but incompatible. Please install mmcv>=1.3.8, <=1.4.0.",
    "ddp-unused-parameters": "RuntimeError: Expected to have finished reduction in the prior iteration before starting a new one.",
    "unsupported-gpu-architecture": "nvcc fatal   : Unsupported gpu architecture 'compute_86'",
}  # fmt: skip

TRACE = 'Traceback (most recent call last):\n  File "tools/train.py", line 11, in <module>\n    main()\n{}'

TEMPLATE = """\
Thanks for your error report and we appreciate it a lot.

**Checklist**
1. I have searched related issues but cannot get the expected help.

**Describe the bug**
{}

**Environment**
1. Please run `python mmdet/utils/collect_env.py` to collect necessary environment information and paste it here.
"""

CHANGES: dict[str, Callable[[str], str]] = {
    "as it is": lambda error: error,
    "in the template": lambda error: TEMPLATE.format(f"```\n{error}\n```"),
    "quoted": lambda error: "\n".join("> " + line for line in error.split("\n")),
    "other words": lambda error: f"Since the update nothing runs any more, what shall I do?\n\n```\n{error}\n```",
    "in Chinese": lambda error: f"更新之后就跑不起来了，请问怎么办？\n\n```\n{error}\n```",
    "other paths": lambda error: error.replace("tools/train.py", "D:\\work\\x\\train.py"),
    "below a long log": lambda error: "2024-04-29 05:02:46 - mmdet - INFO - loss: 0.3\n" * 500 + error,
    "old error above": lambda error: "```\nUserWarning: slow\nKeyError: 'x'\n```\nfixed that, now:\n" + error,
    "in one line": lambda error: " ".join(error.split()),
    "in HTML": lambda error: f"<details><pre>{error.replace('<', '&lt;')}</pre></details>",
}


def acted(body: str, title: str = "") -> list[str]:
    """Return the entries that are said as the answer."""
    answers = CORE.judge(Report(id="x", title=title, body=body)).answers
    return [answer.diagnosis.entry.id for answer in answers if answer.level is Level.ACT]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("entry", ERRORS)
def test_what_stands_around_the_error_changes_nothing(entry: str, change: str) -> None:
    """Template, quotation, language, paths and logs do not change the entry."""
    assert acted(CHANGES[change](TRACE.format(ERRORS[entry]))) == [entry]


@pytest.mark.parametrize("entry", ERRORS)
def test_a_denial_changes_it(entry: str) -> None:
    """Who says that it is not this error is not told what to do about it."""
    assert acted(f"This is not about {ERRORS[entry]}, the program simply stops.") == []


@pytest.mark.parametrize("entry", ERRORS)
def test_a_wish_that_mentions_an_error_is_no_report_of_it(entry: str) -> None:
    """A feature request is left to people."""
    assert acted("It would help newcomers.", f"[Feature] Say more than `{ERRORS[entry]}`") == []


@pytest.mark.parametrize("entry", ERRORS)
def test_an_error_in_the_template_is_nobodys(entry: str) -> None:
    """Hidden comments of a template are not the reporter's words."""
    assert acted(f"<!-- for example:\n{ERRORS[entry]}\n-->\nHow do I draw the boxes in red?") == []


@pytest.mark.parametrize(
    "text",
    [
        "ModuleNotFoundError: No module named 'mmcv.runner'",
        "ModuleNotFoundError: No module named 'mmcv'",
        "ModuleNotFoundError: No module named 'mmdet'",
        "ModuleNotFoundError: No module named 'mmdet.ops'",
        "KeyError: \"MaskRCNN: 'MyHead is not in the models registry'\"",
        "RuntimeError: [enforce fail at CPUAllocator.cpp:68] DefaultCPUAllocator: can't allocate memory: you tried to allocate",
        "RuntimeError: DataLoader worker (pid 2310) is killed by signal: Killed.",
        "The machine's RAM fills up until the process is Killed",
        "bbox_mAP: 0.0000, bbox_mAP_50: 0.0000",
        "mAP stays at 0 after 12 epochs",
        "the loss is 0 from the start",
        "nvcc fatal   : Unsupported gpu architecture 'compute_30'",
        "[E ProcessGroupNCCL.cpp:828] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=7, OpType=ALLREDUCE)",
        "ImportError: libGL.so.1: cannot open shared object file: No such file or directory",
        "RuntimeError: CUDA error: device-side assert triggered",
        "What does frozen_stages mean?",
        "Where can I download the weights of the best model?",
        "My result is -1 mAP compared to the paper",
        "loss很大，但是不是nan，请问怎么办",
        "loss正常，之外的iou是nan",
        "请问训练好的模型怎么转换成 ONNX？",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["title", "body"])
def test_near_misses_are_not_answered(text: str, place: str) -> None:
    """What looks like an entry and is something else gets no answer."""
    assert acted(**{"body": "", place: text}) == []


def test_the_last_error_of_the_traceback_wins_over_prose() -> None:
    """An error that somebody remembers counts less than the one that is shown."""
    body = "Yesterday I had CUDA out of memory, then I lowered the batch size.\n\n" + TRACE.format(
        ERRORS["no-kernel-image"]
    )
    assert acted(body) == ["no-kernel-image"]
    assert acted(body.replace(ERRORS["no-kernel-image"], "KeyError: 'spout'")) == []


OTHER = TRACE.format("KeyError: 'spout'")
OOM = ERRORS["gpu-out-of-memory"]


@pytest.mark.parametrize(
    "body",
    [
        f"> {OOM}\n> try a smaller batch\n\nThanks, that is solved. Now I get\n\n```\n{OTHER}\n```",
        "> somebody wrote in another issue: the loss is nan\n\nMine is different, the accuracy does not go up.",
        f"Yesterday:\n```\nSegmentation fault (core dumped)\n```\nAfter a new installation:\n```\n{OTHER}\n```",
        f"```\nmodel = dict(backbone=dict(type='ResNeXt', groups=32, base_width=4))\nnorm_eval=True,\n```\n{OTHER}",
        f"与 {OOM} 无关，显存还剩 10G。",
        f"It was not about `{OOM}`, I have 10 GB left.",
    ],
)
def test_what_others_say_what_is_old_and_what_is_set_aside_is_no_answer(body: str) -> None:
    """Quoted replies, logs above the real error, dumps of a configuration, and errors that the reporter rules out."""
    assert acted(body) == []


@pytest.mark.parametrize(
    ("body", "entry"),
    [
        ("This is not CUDA out of memory but a segmentation fault.", "segmentation-fault"),
        ("It ends in a segmentation fault rather than a Python error.", "segmentation-fault"),
        ("出现的是段错误，而不是 Python 报错。", "segmentation-fault"),
        (f"{TRACE.format(OOM)}\n\nDuring handling of the above exception, another exception occurred:\n\n{OTHER}",
         "gpu-out-of-memory"),
        ("是不是loss变成nan了？", "loss-nan"),
        ("请问训练时有没有遇到loss为nan的情况", "loss-nan"),
        (f"loss: nan\n```\nEpoch [1][50/100] loss_cls: nan\n{TRACE.format('ValueError: matrix is infeasible')}\n```", "loss-nan"),
    ],
)  # fmt: skip
def test_what_stands_beside_a_denial_or_above_an_error_it_led_to_is_answered(body: str, entry: str) -> None:
    """Only what is set aside is set aside; what led to the last error is no old log."""
    assert acted(body) == [entry]
