"""Changes that mean nothing change nothing: what people ask without an error line, in any clothes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.test_answers import ERRORS, TEMPLATE, TRACE, acted

# How people ask, in two languages; the entry is the same.
ASKED = {
    "save-best-checkpoint": (
        "How can I keep only the best checkpoint during training?",
        "训练时怎么只保存最好的权重？",
    ),
    "loss-nan": (
        "The loss becomes nan after a few iterations.",
        "训练几百个 iter 之后 loss 变成 nan 了。",
    ),
    "backbone-norm-eval": (
        "Why are the BatchNorm layers of the backbone in eval mode during training?",
        "为什么训练时 backbone 的 BN 是 eval 模式？",
    ),
    "coco-ap-minus-one": (
        "Why is the AP of small objects -1 in the COCO evaluation?",
        "COCO 测评时小目标的 AP 为什么是 -1？",
    ),
    "mmcv-version-incompatible": (
        "Which mmcv version should I install for mmdet 2.25?",
        "mmdet 2.25 对应哪个版本的 mmcv？",
    ),
    "ddp-unused-parameters": (
        "Where do I set find_unused_parameters in the config?",
        "find_unused_parameters 在哪里设置？",
    ),
    "gpu-out-of-memory": (
        "How can I reduce the GPU memory usage of training?",
        "怎么减少训练时的显存占用？",
    ),
}

ENVIRONMENT = "\n\n**Environment**\nPython: 3.8.10\nPyTorch: {}\nMMCV: {}\nMMDetection: {}\n"

CLOTHES: dict[str, Callable[[str], str]] = {
    "as it is": lambda asked: asked,
    "in the template": TEMPLATE.format,
    "quoted": lambda asked: f"> {asked}",
    "greeted": lambda asked: f"Hi all, thanks for the great work!\n\n{asked}\n\nBest regards",
    "with an old environment": lambda asked: asked + ENVIRONMENT.format("1.9.0+cu111", "1.3.9", "2.14.0"),
    "with a new environment": lambda asked: asked + ENVIRONMENT.format("2.1.0+cu121", "2.1.0", "3.3.0"),
    "with a checklist": lambda asked: f"- [x] I have searched related issues\n- [ ] I have read the FAQ\n\n{asked}",
    "after a heading": lambda asked: (
        f"### Describe the question\n\n{asked}\n\n### Additional information\n\n_No response_"
    ),
}


@pytest.mark.parametrize("clothes", CLOTHES)
@pytest.mark.parametrize("language", [0, 1])
@pytest.mark.parametrize("entry", ASKED)
def test_a_question_is_the_same_in_any_clothes(entry: str, language: int, clothes: str) -> None:
    """Template, quotation, language, versions and politeness do not change what is asked."""
    assert acted(CLOTHES[clothes](ASKED[entry][language])) == [entry]


@pytest.mark.parametrize("entry", ERRORS)
def test_other_numbers_are_the_same_error(entry: str) -> None:
    """Versions, sizes and line numbers vary from run to run."""

    def other(found: re.Match[str]) -> str:
        return str(int(found[0]) + 1) if found[0] != "86" else "89"

    changed = re.sub(r"(?<![\w.])\d+(?![\w])|86", other, TRACE.format(ERRORS[entry]))
    assert changed != TRACE.format(ERRORS[entry])
    assert acted(changed) == [entry]
