"""What the prompts of issue templates are about, whatever the project and in English or Chinese."""

from __future__ import annotations

import re

from triagebot.records import Subject

_STEPS = (
    r"\brepro\w*|\bsteps?\b|minimal (?:code|example)|\bcommand|\bscript|sample code|code (?:sample|snippet|example)"
    r"|how to (?:trigger|reproduce)|test ?case"
    r"|复现|重现|步骤|运行命令|执行命令|示例代码|最小(?:示例|代码)|操作流程"
)
_ERROR = (
    r"\btrace ?back|\bstack ?trace|\berror (?:message|log|output|text|trace\w*)|\blog(?:s|\b.{0,10}output)?\b"
    r"|\bconsole\b|\bcrash (?:log|report)"
    r"|报错|错误(?:信息|日志|堆栈|输出)|日志|堆栈|异常信息"
)
_ENVIRONMENT = (
    r"\benvironments?\b|\benv\b|\bsystem (?:info\w*|details|spec\w*|configuration)|\bsetup\b|\bplatform\b"
    r"|\bversions\b|\bsoftware\b|\benvinfo\b|\bdesktop\b|\bconfiguration details|\bdependenc"
    r"|环境|系统信息|版本信息|软硬件|配置信息|设备信息"
)
_DESCRIPTION = (
    r"\bdescri\w+|\bwhat (?:happened|happens|went wrong|is (?:the )?(?:problem|issue|bug|wrong))|\bsummary\b"
    r"|\b(?:current|actual) behaviou?r|\bbug details|^(?:the )?(?:bug|issue|problem|question)s?$|\boverview\b"
    r"|描述|问题|现象|实际(?:结果|行为|情况)|发生了什么|概述|说明"
)
# In this order: "steps to reproduce the error" are steps, and "describe your environment" asks for the environment.
_SUBJECTS = {
    Subject.STEPS: _STEPS,
    Subject.ERROR: _ERROR,
    Subject.ENVIRONMENT: _ENVIRONMENT,
    Subject.DESCRIPTION: _DESCRIPTION,
}
_COMPILED = tuple((subject, re.compile(pattern, re.IGNORECASE)) for subject, pattern in _SUBJECTS.items())
_OPTIONAL = re.compile(
    r"\boptional(?:ly)?\b|\bif (?:applicable|any|possible|relevant|needed|necessary|available)\b"
    r"|\bif (?:you|there|this|it|known)\b"
    r"|\badditional\b|\bany ?thing else\b|\bany other\b|\bother (?:info|details|comments|notes)|\bextra\b|\bnotes?\b"
    r"|\bscreen ?shots?\b|\bcheck ?list\b|\bprerequisite|\bbefore (?:you|submitting|posting)|\bsmartphone\b|\bmobile\b"
    r"|\b(?:possible|suggested|bug|proposed) (?:fix|solution|cause)|\bwork ?arounds?\b|\balternatives?\b|\bexpected\b"
    r"|\bdesired\b|\brelated\b|\bcontext\b|\bregression\b"
    r"|可选|选填|非必填|如有|如果|若有|若|其[他它]|补充|截图|检查(?:清单|项|列表)|清单|期望|预期|备注|附加|建议|思路|方案|相关|确认",
    re.IGNORECASE,
)
_REQUIRED = re.compile(r"\b(?:required|mandatory)\b|必填|必须|必选|\*\s*$", re.IGNORECASE)
_NOT_REQUIRED = re.compile(r"\bnot (?:required|mandatory)|非必[填选]|不必填", re.IGNORECASE)


def subject_of(label: str) -> Subject:
    """Return what a label asks about."""
    return next((subject for subject, pattern in _COMPILED if pattern.search(label)), Subject.OTHER)


def marked_required(label: str) -> bool:
    """Say whether a label says of itself that it must be answered."""
    return bool(_REQUIRED.search(label)) and not _NOT_REQUIRED.search(label)


def sounds_optional(text: str) -> bool:
    """Say whether a heading or the words below it leave it to the reporter."""
    return _OPTIONAL.search(text) is not None or _NOT_REQUIRED.search(text) is not None
