"""Rules over the environment: those that ship hold where they should, and say what they rest on."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from triagebot.conditions import parse_condition
from triagebot.diagnose.rules import find_findings
from triagebot.extract.environment import read_environment
from triagebot.knowledge import read_knowledge
from triagebot.parse import parse
from triagebot.pipeline import Triage
from triagebot.records import Fact, Knowledge, Report, Rule
from triagebot.wiring import load_knowledge

CORE = Triage(load_knowledge(None))
SHIPPED = Path(__file__).parents[2] / "knowledge"


@cache
def shipped() -> Knowledge:
    """Return the knowledge that ships for MMDetection."""
    return read_knowledge({path.name: path.read_text("utf-8") for path in SHIPPED.glob("*.yaml")})


def environment(text: str) -> tuple[Fact, ...]:
    """Return the facts of a text."""
    template = shipped().template
    return read_environment(parse(Report(id="example/kettle#7", title="", body=text), template), template)


def held(text: str) -> set[str]:
    """Return the ids of the shipped rules that hold over a text."""
    return {finding.rule.id for finding in find_findings(environment(text), shipped().rules)}


def blamed(text: str) -> set[str]:
    """Return the ids of those that find something wrong, and do not only speak against entries."""
    return {f.rule.id for f in find_findings(environment(text), shipped().rules) if not f.rule.against}


def rule(when: str) -> Rule:
    """Return a rule of our own."""
    return Rule(id="own", when=parse_condition(when), says={"en": "It follows."})


def fact(name: str, version: str, line: int = 1) -> Fact:
    """Return a fact whose value is its version."""
    return Fact(name=name, value=version, version=version, line=line)


EXAMPLES = [(rule.id, text) for rule in shipped().rules for text in rule.examples]
COUNTEREXAMPLES = [(rule.id, text) for rule in shipped().rules for text in rule.counterexamples]


@pytest.mark.parametrize(("name", "text"), EXAMPLES)
def test_every_example_of_a_shipped_rule_holds(name: str, text: str) -> None:
    """The environment read out of an example makes the rule hold."""
    assert name in held(text)


@pytest.mark.parametrize(("name", "text"), COUNTEREXAMPLES)
def test_no_counterexample_of_a_shipped_rule_holds(name: str, text: str) -> None:
    """A neighbouring environment, or one where the deciding fact is missing, does not."""
    assert name not in held(text)


def test_the_shipped_rules_speak_both_languages_and_have_examples() -> None:
    """At least fifteen rules, each with a text in English and Chinese, an example and a counterexample."""
    assert len(shipped().rules) >= 15
    for each in shipped().rules:
        assert each.says.keys() == {"en", "zh"}
        assert each.examples
        assert each.counterexamples


HEALTHY = [
    (
        "sys.platform: linux\nPython: 3.8.13 (default)\nCUDA available: True\nGPU 0: NVIDIA GeForce RTX 3090\n"
        "CUDA_HOME: /usr/local/cuda-11.3\nNVCC: Cuda compilation tools, release 11.3, V11.3.109\n"
        "GCC: gcc (Ubuntu 9.4.0-1ubuntu1~20.04.1) 9.4.0\nPyTorch: 1.10.1+cu113\nTorchVision: 0.11.2+cu113\n"
        "MMCV: 1.4.8\nMMCV Compiler: GCC 7.3\nMMCV CUDA Compiler: 11.3\nMMDetection: 2.23.0+\n"
    ),
    (
        "sys.platform: linux\nPython: 3.10.13 (main)\nCUDA available: True\nGPU 0: Tesla V100-SXM2-32GB\n"
        "NVCC: Cuda compilation tools, release 11.8, V11.8.89\nGCC: gcc (GCC) 11.4.0\nPyTorch: 2.1.0+cu118\n"
        "TorchVision: 0.16.0+cu118\nMMEngine: 0.10.3\nMMCV: 2.1.0\nMMDetection: 3.3.0+\nmmcv  2.1.0\n"
    ),
    (
        "sys.platform: win32\nPython: 3.7.9\nCUDA available: False\nMSVC: 19.29.30133\nPyTorch: 1.7.1\nMMCV: 1.2.7\n"
        "MMCV CUDA Compiler: not available\nMMDetection: 2.11.0\n"
    ),
]


@pytest.mark.parametrize("text", HEALTHY, ids=["2.x on a new card", "3.x on an old card", "without a card"])
def test_nothing_is_said_of_an_environment_that_works(text: str) -> None:
    """Versions that belong together give no finding."""
    assert blamed(text) == set()
    assert CORE.judge(Report(id="x", title="", body=text)).assessment.findings == ()


def test_one_environment_may_show_several_things() -> None:
    """Every rule that holds speaks, in the order of the file."""
    text = (
        "GPU 0: NVIDIA GeForce RTX 3090\nNVCC: Cuda compilation tools, release 10.2, V10.2.89\nPyTorch: 1.6.0+cu102\n"
        "GCC: gcc (GCC) 4.8.5\nMMCV: 1.7.0\nMMDetection: 3.0.0\n"
    )
    assert [finding.rule.id for finding in find_findings(environment(text), shipped().rules)] == [
        "mmdet3-with-mmcv1",
        "mmdet3-with-older-pytorch",
        "toolkit-older-than-gpu",
        "pytorch-older-than-gpu",
        "gcc-too-old",
    ]


def test_a_finding_carries_the_facts_it_rests_on() -> None:
    """The two facts with their lines, in the order of the environment."""
    told = (fact("pytorch-cuda", "11.1", 3), fact("gcc", "9.4", 4), fact("mmcv-cuda", "10.2", 9))
    (finding,) = find_findings(told, [rule("mmcv-cuda != pytorch-cuda")])
    assert [(each.name, each.line) for each in finding.facts] == [("pytorch-cuda", 3), ("mmcv-cuda", 9)]


def test_of_alternatives_only_those_that_hold_are_shown() -> None:
    """A fact that makes an alternative false is no reason."""
    told = (fact("nvcc", "11.0"), fact("cuda", "12.1"), fact("gcc", "4.8"))
    (finding,) = find_findings(told, [rule("(nvcc < 11.1 or cuda < 11.1) and gcc < 5")])
    assert [each.name for each in finding.facts] == ["nvcc", "gcc"]


def test_what_is_not_known_or_told_in_two_ways_gives_no_finding() -> None:
    """A missing fact leaves a rule silent, and so do two sources that disagree."""
    old = rule("mmdet >= 3 and mmcv < 2")
    assert find_findings((fact("mmdet", "3.0"),), [old]) == ()
    assert find_findings((fact("mmdet", "3.0"), fact("mmcv", "1.7"), fact("mmcv", "2.0")), [old]) == ()
    assert find_findings((), shipped().rules) == ()
