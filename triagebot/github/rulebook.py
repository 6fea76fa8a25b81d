"""What holds in a repository: its policy over its organisation's, and its own knowledge where it has some."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from triagebot.blanks import ISSUE_TEMPLATES
from triagebot.errors import KnowledgeError, Problem
from triagebot.github.files import Files
from triagebot.github.policy import PATH, read_policy
from triagebot.knowledge import read_issue_templates, read_knowledge
from triagebot.pipeline import Triage
from triagebot.records import IssueTemplate, Knowledge, LeftAlone, Policy
from triagebot.service import Rules

_MOST_CORES = 16
_MOST_FILES = 12
_MOST_TEMPLATES = 20
_TEMPLATES = f".github/{ISSUE_TEMPLATES}"
_ENDINGS = (".yaml", ".yml")


class Rulebooks:
    """Reads what repositories say; `make` builds a core, `shipped` are the texts that stand behind a knowledge."""

    def __init__(
        self, files: Files, triage: Triage, make: Callable[[Knowledge], Triage], shipped: Mapping[str, str]
    ) -> None:
        self._files = files
        self._standard = triage
        self._make = make
        self._shipped = shipped
        self._cores: dict[str, Triage] = {}

    def __call__(self, target: str) -> Rules | LeftAlone:
        """Return what holds for a report, or that it is left alone since its policy is wrong; raises RemoteError."""
        try:
            return self.read(target.rpartition("#")[0])
        except KnowledgeError as error:
            return LeftAlone(why=f"the repository's settings are wrong, so nothing is done: {error}")

    def read(self, repository: str) -> Rules:
        """Return what holds in a repository; raises KnowledgeError with every mistake, and RemoteError."""
        policy = read_policy(self._policies(repository))
        return Rules(self._core(repository, policy), policy, self._templates(repository))

    def _policies(self, repository: str) -> list[tuple[str, str]]:
        """Return the policy files there are, the organisation's first."""
        owner = repository.partition("/")[0]
        organisation = f"{owner}/.github"
        files = [(f"{organisation}: {PATH}", self._files.text(organisation, PATH, via=repository))]
        if repository.casefold() != organisation.casefold():
            files.append((PATH, self._files.text(repository, PATH)))
        return [(name, text) for name, text in files if text is not None]

    def _templates(self, repository: str) -> tuple[IssueTemplate, ...] | None:
        """Return the issue templates that reporters here see: the repository's, else the organisation's; None: none.

        One that cannot be read is GitHub's matter to tell, not ours.
        """
        organisation = f"{repository.partition('/')[0]}/.github"
        for place in (repository, organisation):
            paths = self._files.names(place, _TEMPLATES, via=repository)[:_MOST_TEMPLATES]
            texts = {path: self._files.text(place, path, via=repository) or "" for path in paths}
            if texts:
                return read_issue_templates(texts)[0]
        return None

    def _core(self, repository: str, policy: Policy) -> Triage:
        if not policy.knowledge:
            return self._standard
        paths = [path for path in self._files.names(repository, policy.knowledge) if path.endswith(_ENDINGS)]
        if not paths:
            what, remedy = f"there are no YAML files in `{policy.knowledge}` here", "Name a folder with a faq.yaml."
            raise KnowledgeError((Problem(file=PATH, line=0, key="knowledge", what=what, remedy=remedy),))
        texts = {path: self._files.text(repository, path) or "" for path in paths[:_MOST_FILES]}
        knowledge = read_knowledge(texts, self._shipped)
        if knowledge.digest not in self._cores:
            if len(self._cores) >= _MOST_CORES:
                self._cores.pop(next(iter(self._cores)))
            self._cores[knowledge.digest] = self._make(knowledge)
        return self._cores[knowledge.digest]
