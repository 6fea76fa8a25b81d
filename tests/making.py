"""Small records for tests: a knowledge with three entries, and reports to put through it."""

from __future__ import annotations

from pathlib import Path

from triagebot.knowledge import read_knowledge
from triagebot.pipeline import Triage
from triagebot.records import Knowledge, Policy, Report, Verdict

SHIPPED = Path(__file__).parent.parent / "knowledge"

FAQ = """\
project: example/kettle
entries:
  - id: lid-missing
    topic: installation
    title: {en: The lid module is not installed, zh: 没有安装壶盖模块}
    signatures:
      - "No module named 'kettle._lid'"
      - "lid library refused to open the steam valve"
      - "lid 3 is stuck at 40.5 % in /opt/kettle/lid.py"
    unless: ["kettle-lite"]
    questions: {en: ["how do I install the lid"], zh: ["怎么安装壶盖"]}
    fix:
      - when: "kettle >= 2"
        en: "Run `pip install kettle`."
        zh: "请运行 `pip install kettle`。"
      - {en: "Run `pip install kettle-full`.", zh: "请运行 `pip install kettle-full`。"}
    labels: [installation]
    links: ["https://example.org/lid"]
    examples: ["ModuleNotFoundError: No module named 'kettle._lid'"]
  - id: boils-dry
    topic: environment
    title: {en: The kettle boils dry, zh: 水壶烧干}
    signatures:
      - {regex: "heater \\\\d+ is dry"}
      - {regex: "dry", family: python, type: HeatError}
      - {family: python, type: DryOutError}
    fix: {en: "Fill it.", zh: "加水。"}
    labels: [bug]
    examples: ["heater 3 is dry"]
  - id: keep-warm
    topic: usage
    title: {en: Keep the water warm, zh: 保温}
    questions:
      en: ["how to keep the water warm after boiling"]
      zh: ["烧开后怎么保温"]
    fix: {en: "Use `--keep-warm`.", zh: "使用 `--keep-warm`。"}
    needs: [kettle]
    examples: ["How can I keep the water warm after boiling?"]
"""

TEMPLATE = """\
fields:
  - id: kettle
    title: {en: Kettle version, zh: 水壶版本}
    how: {en: "run `kettle --version`", zh: "运行 `kettle --version`"}
    names: [Kettle]
    packages: [kettle]
    required_for: [installation, environment]
"""

TERMS = """\
terms:
  - {id: how, words: [how, 怎么]}
  - {id: warm, words: [keep warm, warm, 保温]}
  - {id: after-boiling, words: [after boiling, 烧开后]}
"""


def knowledge(faq: str = FAQ, template: str = TEMPLATE) -> Knowledge:
    """Return the little knowledge, with the words and forms that ship with the bot."""
    shipped = {name: (SHIPPED / name).read_text("utf-8") for name in ("forms.yaml", "terms.yaml", "replies.yaml")}
    return read_knowledge({"faq.yaml": faq, "template.yaml": template, "terms.yaml": TERMS}, shipped)


def report(body: str = "", title: str = "", **more: object) -> Report:
    """Return a report of issue 7 of example/kettle."""
    return Report(id="example/kettle#7", title=title, body=body, **more)  # type: ignore[arg-type]


def verdict(body: str = "", title: str = "", policy: Policy | None = None) -> Verdict:
    """Return what the little knowledge says of a report."""
    return Triage(knowledge()).judge(report(body, title), policy or Policy())
