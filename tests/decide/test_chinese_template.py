"""A Chinese Markdown template, as people leave it."""

from __future__ import annotations

import pytest

from tests.making import knowledge, report
from triagebot.knowledge import read_issue_template
from triagebot.pipeline import Triage
from triagebot.records import IssueTemplate

TEXT = """\
---
name: 问题反馈
title: "[问题] "
---

<!--
感谢您的反馈！
请填写以下信息
-->

## 问题描述（必填）
<!-- 请简要描述您遇到的问题 -->

## 运行环境
- 操作系统：（例如 Windows 10）
- 插头：
- 版本号：[如 1.2.3]

## 复现步骤
1. 打开 '...'
2. 点击 '...'

## 期望结果

## 实际结果

## 截图
如有截图请粘贴
"""
BODY = TEXT.split("---\n", 2)[2]
FULL = (
    BODY.replace("<!-- 请简要描述您遇到的问题 -->", "水烧不开")
    .replace("（例如 Windows 10）", "Windows 10")
    .replace("[如 1.2.3]", "1.2.0")
    .replace("1. 打开 '...'\n2. 点击 '...'", "1. 打开水壶\n2. 等十分钟")
    .replace("## 实际结果\n", "## 实际结果\n水是凉的\n")
)
CORE = Triage(knowledge())


def asked(body: str, template: IssueTemplate | None = None) -> list[str]:
    """Return the labels of what is asked for."""
    templates = [template or read_issue_template("zh.md", TEXT)]
    verdict = CORE.judge(report(body, "[问题] 水壶"), issue_templates=templates)
    return [item.field.id for item in verdict.missing]


def test_untouched_it_asks_for_all_that_triage_needs() -> None:
    """The template's own list is no list of steps, and its examples are no environment."""
    assert asked(BODY) == ["问题描述", "运行环境", "复现步骤", "实际结果"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("## ", "### "),
        ("## 问题描述（必填）", "**问题描述**"),
        ("## 运行环境", "**运行环境：**"),
        ("## 复现步骤", "三、复现步骤："),
        ("：", ":"),
        ("\n", "\r\n"),
        ("- 操作系统", "* **操作系统**"),
        ("水烧不开", "<!-- 水烧不开，等了很久 -->"),
        ("水烧不开", "水烧不开\n\n### 补充\n\n一直是凉的"),
        ("1. 打开水壶", "```sh\n### 运行环境\n```\n1. 打开水壶"),
    ],
)
def test_filled_in_it_asks_for_nothing(before: str, after: str) -> None:
    """Whatever became of its headings, marks and ends of lines."""
    body = FULL.replace(before, after) if before else FULL
    assert asked(body) == []
    assert asked(BODY + "\n" + body) == []
    assert asked(body + "\n" + BODY) == []


@pytest.mark.parametrize("nothing", ["无", "不知道", "N/A", "-", "暂无"])
def test_an_environment_of_nothings_is_asked_for(nothing: str) -> None:
    """Keys with `无` behind them tell nothing."""
    body = FULL.replace("Windows 10", nothing).replace("1.2.0", nothing).replace("插头：", f"插头：{nothing}")
    assert asked(body) == ["运行环境"]
    assert asked(body.replace(f"插头：{nothing}", "插头：欧标")) == []
