"""A stand-in for GitHub's REST API on loopback: it keeps state, speaks the real JSON, and fails when told to.

In tests: `with StandIn.running(...) as github`, or `async with`.  As a process: `python -m tests.fakes.github --help`.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import re
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from email.utils import formatdate
from threading import Event, Thread
from typing import Any, Self
from urllib.parse import quote

from aiohttp import web

from tests.fakes import shapes
from tests.fakes.app import App, app_routes
from tests.fakes.hooks import Hook, hook_routes
from tests.fakes.kept import Fault, Issue, Repository

__all__ = ["Fault", "Issue", "Repository", "StandIn"]

LONGEST_BODY = 65_536
_REPO = "/repos/{owner}/{name}"
_ISSUE = _REPO + r"/issues/{number:\d+}"
_PER_PAGE, _MOST_PER_PAGE = 30, 100
_LONGEST_LABEL = 50

_Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class StandIn:
    """The server; its state may be read from any thread, and is best changed through its methods."""

    def __init__(self, login: str = "triage-robot", token: str = "", port: int = 0) -> None:
        self.url = ""
        self.login = login
        self.repositories: dict[str, Repository] = {}
        self.faults: list[Fault] = []
        self.requests: list[str] = []
        self.token = token
        self.unchanged = 0
        self.app: App | None = None
        self.hook: Hook | None = None
        self.clock = time.time
        self.left = 4999
        self._port = port
        self._next_comment = 3_000_000_001
        self._runner: web.AppRunner | None = None

    # --- telling it what there is ---

    def add_repository(self, full_name: str, labels: Sequence[str] = ()) -> Repository:
        """Make a repository with labels."""
        return self.repositories.setdefault(full_name, Repository(labels=list(labels)))

    def open_issue(
        self, full_name: str, title: str, body: str | None, author: str = "reporter", association: str = "NONE"
    ) -> Issue:
        """Open an issue as a person would."""
        issues = self.add_repository(full_name).issues
        number, user = len(issues) + 1, shapes.user(self.url, author)
        issues[number] = Issue(number=number, title=title, body=body, user=user, association=association)
        return issues[number]

    def add_comment(self, issue: Issue, body: str, author: str, association: str = "NONE") -> dict[str, Any]:
        """Comment as somebody; returns the comment as it is kept."""
        kept: dict[str, Any] = {
            "id": self._next_comment,
            "body": body,
            "user": shapes.user(self.url, author, "Bot" if author.endswith("[bot]") else "User"),
            "association": association,
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.clock())),
            "reactions": {},
        }
        self._next_comment += 1
        issue.comments.append(kept)
        return kept

    def note(self, issue: Issue, event: str, label: str, login: str) -> None:
        """Write down who did what to an issue."""
        issue.events.append({"number": len(issue.events) + 1, "event": event, "label": label, "login": login})

    def show(self, full_name: str, number: int) -> dict[str, Any]:
        """Return an issue's JSON as REST and webhooks show it."""
        issue = self.repositories[full_name].issues[number]
        stored = {
            "number": issue.number,
            "title": issue.title,
            "body": issue.body,
            "user": issue.user,
            "state": issue.state,
            "locked": issue.locked,
            "comments": len(issue.comments),
            "pull_request": issue.pull_request,
            "association": issue.association,
            "created_at": issue.created_at,
            "updated_at": issue.updated_at,
            "closed_by": issue.closed_by if issue.state == "closed" else "",
        }
        return shapes.issue(self.url, full_name, stored, [self._label(full_name, name) for name in issue.labels])

    def event(self, action: str, full_name: str, number: int, sender: str = "reporter", **more: Any) -> dict[str, Any]:
        """Return the payload of an `issues` delivery about an issue as it is now."""
        return shapes.issues_event(
            self.url, action, self.show(full_name, number), shapes.user(self.url, sender), **more
        )

    def comment_event(
        self, action: str, full_name: str, number: int, kept: dict[str, Any], sender: str = "reporter", **more: Any
    ) -> dict[str, Any]:
        """Return the payload of an `issue_comment` delivery about a comment as it is now."""
        comment = shapes.comment(self.url, full_name, number, kept)
        sent_by = shapes.user(self.url, sender)
        return shapes.comment_event(self.url, action, self.show(full_name, number), comment, sent_by, **more)

    def _label(self, full_name: str, name: str) -> dict[str, Any]:
        return shapes.label(self.url, full_name, name, quote(name, safe=""))

    # --- being there ---

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Serve from a thread of its own, for code that is not asynchronous."""
        started, loop = Event(), asyncio.new_event_loop()
        stop = asyncio.Event()

        async def live() -> None:
            async with self:
                started.set()
                await stop.wait()

        thread = Thread(target=lambda: loop.run_until_complete(live()))
        thread.start()
        assert started.wait(5), "the stand-in did not start"
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join()
            loop.close()

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._misbehave, self._admit], client_max_size=10 * 1024 * 1024)
        app.add_routes(
            [
                web.get("/user", self._get_user),
                web.get(_REPO, self._get_repository),
                web.get(_REPO + "/labels", self._get_labels),
                web.post(_REPO + "/labels", self._post_label),
                web.get(_REPO + "/labels/{label:.+}", self._get_label),
                web.get(_REPO + "/issues", self._get_issues),
                web.post(_REPO + "/issues", self._post_issue),
                web.get(_ISSUE, self._get_issue),
                web.patch(_ISSUE, self._patch_issue),
                web.get(_ISSUE + "/comments", self._get_comments),
                web.post(_ISSUE + "/comments", self._post_comment),
                web.get(_REPO + r"/issues/comments/{id:\d+}", self._get_comment),
                web.patch(_REPO + r"/issues/comments/{id:\d+}", self._patch_comment),
                web.delete(_REPO + r"/issues/comments/{id:\d+}", self._delete_comment),
                web.get(_ISSUE + "/labels", self._get_issue_labels),
                web.post(_ISSUE + "/labels", self._post_issue_labels),
                web.delete(_ISSUE + "/labels/{label:.+}", self._delete_issue_label),
                web.get(_ISSUE + "/events", self._get_events),
                web.get(_REPO + r"/issues/comments/{id:\d+}/reactions", self._get_reactions),
                web.post(_REPO + r"/issues/comments/{id:\d+}/reactions", self._post_reaction),
                web.get(_REPO + "/contents/{path:.*}", self._get_content),
                web.get("/rate_limit", self._get_rate_limit),
                *app_routes(self),
                *hook_routes(self),
            ]
        )
        return app

    # --- what every request goes through ---

    @web.middleware
    async def _misbehave(self, request: web.Request, handler: _Answer) -> web.StreamResponse:
        call = f"{request.method} {request.raw_path}"
        self.requests.append(call)
        fault = next((fault for fault in self.faults if fault.times and re.search(fault.where, call)), None)
        if fault is None:
            return await handler(request)
        fault.times -= 1
        answer = await handler(request) if fault.after or not (fault.status or fault.drop) else None
        await asyncio.sleep(fault.delay)
        if fault.drop:
            assert request.transport is not None
            request.transport.abort()
        if answer is not None and not fault.status:
            return answer
        return _refused(fault.status, fault.message, fault.headers)

    @web.middleware
    async def _admit(self, request: web.Request, handler: _Answer) -> web.StreamResponse:
        token = request.headers.get("Authorization", "").partition(" ")[2]
        if refusal := self._why_not(request, token):
            return _refused(*refusal)
        try:
            answer = await handler(request)
        except web.HTTPNotFound:
            return _refused(404, "Not Found")
        except _RefusedError as refused:
            return _refused(refused.status, str(refused), refused.headers)
        answer.headers["X-RateLimit-Limit"] = "5000"
        answer.headers["X-RateLimit-Remaining"] = str(self.left)
        answer.headers["Date"] = formatdate(self.clock(), usegmt=True)
        answer.headers["X-RateLimit-Reset"] = str(int(time.time()) + 3600)
        return answer

    def _why_not(self, request: web.Request, token: str) -> tuple[int, str] | None:
        """Tell why a token is not good here: the App's own calls are for its key, the others for its tokens."""
        if self.app is not None:
            return self.app.why_not(request, token)
        return (401, "Bad credentials") if self.token and token != self.token else None

    @property
    def writes_as(self) -> str:
        """The login that what the bot writes stands under."""
        return self.login if self.app is None else f"{self.app.slug}[bot]"

    # --- accounts, repositories, labels ---

    async def _get_user(self, _: web.Request) -> web.Response:
        """Return the token's account; a workflow's token may not ask."""
        if self.login.endswith("[bot]"):
            raise _RefusedError(403, "Resource not accessible by integration")
        return web.json_response(shapes.own_account(self.url, self.login))

    async def _get_repository(self, request: web.Request) -> web.Response:
        return web.json_response(shapes.full_repository(self.url, self._repository(request)[0]))

    async def _get_labels(self, request: web.Request) -> web.Response:
        full_name, repository = self._repository(request)
        return self._page(request, [self._label(full_name, name) for name in repository.labels])

    async def _post_label(self, request: web.Request) -> web.Response:
        full_name, repository = self._repository(request)
        name = _text(await request.json(), "name", _LONGEST_LABEL)
        if _find(repository.labels, name):
            raise _RefusedError(422, "Validation Failed")
        repository.labels.append(name)
        return web.json_response(self._label(full_name, name), status=201)

    async def _get_label(self, request: web.Request) -> web.Response:
        full_name, repository = self._repository(request)
        name = _find(repository.labels, request.match_info["label"])
        if not name:
            raise _RefusedError(404, "Not Found")
        return web.json_response(self._label(full_name, name))

    async def _get_issue_labels(self, request: web.Request) -> web.Response:
        full_name, issue = self._issue(request)
        return self._page(request, [self._label(full_name, name) for name in issue.labels])

    async def _post_issue_labels(self, request: web.Request) -> web.Response:
        """Add labels; as at GitHub, one that does not exist in the repository is created by this."""
        full_name, issue = self._issue(request)
        known = self._repository(request)[1].labels
        for name in _label_names(await request.json()):
            spelled = _find(known, name)
            if not spelled:
                known.append(name)
            if not _find(issue.labels, name):
                issue.labels.append(spelled or name)
                self.note(issue, "labeled", spelled or name, self.writes_as)
        return web.json_response([self._label(full_name, name) for name in issue.labels])

    async def _delete_issue_label(self, request: web.Request) -> web.Response:
        full_name, issue = self._issue(request)
        name = _find(issue.labels, request.match_info["label"])
        if not name:
            raise _RefusedError(404, "Label does not exist")
        issue.labels.remove(name)
        self.note(issue, "unlabeled", name, self.writes_as)
        return web.json_response([self._label(full_name, rest) for rest in issue.labels])

    # --- issues and comments ---

    async def _get_issues(self, request: web.Request) -> web.Response:
        full_name, repository = self._repository(request)
        state = request.query.get("state", "open")
        since, newest_first = request.query.get("since", ""), request.query.get("direction", "desc") == "desc"
        listed = [i for i in repository.issues.values() if not i.deleted and state in (i.state, "all")]
        wanted = set(filter(None, request.query.get("labels", "").split(",")))
        listed = [issue for issue in listed if wanted <= set(issue.labels) and issue.updated_at >= since]
        if request.query.get("sort") == "updated":
            listed.sort(key=lambda issue: issue.updated_at)
        ordered = reversed(listed) if newest_first else listed
        return self._page(request, [self.show(full_name, issue.number) for issue in ordered])

    async def _post_issue(self, request: web.Request) -> web.Response:
        full_name, _ = self._repository(request)
        asked = await request.json()
        issue = self.open_issue(full_name, _text(asked, "title", 256), asked.get("body"), self.login)
        return web.json_response(self.show(full_name, issue.number), status=201)

    async def _get_issue(self, request: web.Request) -> web.Response:
        full_name, issue = self._issue(request)
        return web.json_response(self.show(full_name, issue.number))

    async def _patch_issue(self, request: web.Request) -> web.Response:
        full_name, issue = self._issue(request)
        for name, value in (await request.json()).items():
            if name in {"title", "body", "state"}:
                setattr(issue, name, value)
        issue.closed_by = self.writes_as if issue.state == "closed" else ""
        return web.json_response(self.show(full_name, issue.number))

    async def _get_comments(self, request: web.Request) -> web.Response:
        full_name, issue = self._issue(request)
        return self._page(request, [shapes.comment(self.url, full_name, issue.number, c) for c in issue.comments])

    async def _post_comment(self, request: web.Request) -> web.Response:
        full_name, issue = self._issue(request)
        if issue.locked:
            raise _RefusedError(403, "Unable to create comment because issue is locked.")
        text = _text(await request.json(), "body", LONGEST_BODY)
        kept = self.add_comment(issue, text, self.writes_as, "COLLABORATOR")
        return web.json_response(shapes.comment(self.url, full_name, issue.number, kept), status=201)

    async def _get_comment(self, request: web.Request) -> web.Response:
        full_name, issue, kept = self._comment(request)
        return self._tagged(request, shapes.comment(self.url, full_name, issue.number, kept))

    async def _patch_comment(self, request: web.Request) -> web.Response:
        full_name, issue, kept = self._comment(request)
        kept["body"] = _text(await request.json(), "body", LONGEST_BODY)
        return web.json_response(shapes.comment(self.url, full_name, issue.number, kept))

    async def _delete_comment(self, request: web.Request) -> web.Response:
        _, issue, kept = self._comment(request)
        issue.comments.remove(kept)
        return web.Response(status=204)

    async def _get_events(self, request: web.Request) -> web.Response:
        full_name, issue = self._issue(request)
        return self._page(request, [shapes.label_event(self.url, full_name, event) for event in issue.events])

    async def _get_reactions(self, request: web.Request) -> web.Response:
        _, _, kept = self._comment(request)
        given = [(login, content) for content, logins in kept["reactions"].items() for login in logins]
        return self._page(request, [shapes.reaction(self.url, n, *pair) for n, pair in enumerate(given, start=1)])

    async def _post_reaction(self, request: web.Request) -> web.Response:
        """Add a reaction; as at GitHub, the same one by the same account stays one."""
        _, _, kept = self._comment(request)
        content = (await request.json()).get("content")
        if content not in {"+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"}:
            raise _RefusedError(422, "Validation Failed")
        logins = kept["reactions"].setdefault(content, [])
        status = 200 if self.writes_as in logins else 201
        kept["reactions"][content] = sorted({*logins, self.writes_as})
        return web.json_response(shapes.reaction(self.url, 1, self.writes_as, content), status=status)

    # --- files ---

    async def _get_content(self, request: web.Request) -> web.Response:
        """Return a file, or what a folder holds; with the ETag that was given last, that nothing changed."""
        full_name, repository = self._repository(request)
        path = request.match_info["path"].strip("/")
        text = repository.files.get(path)
        inside = sorted(name for name in repository.files if name.rpartition("/")[0] == path)
        if text is None and not inside:
            raise _RefusedError(404, "Not Found")
        folder = [shapes.content(self.url, full_name, n, None, _digest(repository.files[n])) for n in inside]
        shown: Any = folder if text is None else shapes.content(self.url, full_name, path, text, _digest(text))
        return self._tagged(request, shown)

    def _tagged(self, request: web.Request, shown: Any) -> web.Response:
        """Return JSON with its ETag; to whoever has it already, that nothing changed."""
        etag = f'"{_digest(repr(shown))}"'
        if request.headers.get("If-None-Match") == etag:
            self.unchanged += 1
            return web.Response(status=304, headers={"ETag": etag})
        return web.json_response(shown, headers={"ETag": etag})

    async def _get_rate_limit(self, _: web.Request) -> web.Response:
        left = {"limit": 5000, "used": 1, "remaining": 4999, "reset": int(time.time()) + 3600}
        return web.json_response({"resources": {"core": left, "search": left}, "rate": left})

    # --- finding and listing ---

    def _repository(self, request: web.Request) -> tuple[str, Repository]:
        full_name = f"{request.match_info['owner']}/{request.match_info['name']}"
        if full_name not in self.repositories:
            raise _RefusedError(404, "Not Found")
        return full_name, self.repositories[full_name]

    def _issue(self, request: web.Request) -> tuple[str, Issue]:
        full_name, repository = self._repository(request)
        issue = repository.issues.get(int(request.match_info["number"]))
        if issue is None:
            raise _RefusedError(404, "Not Found")
        if issue.moved_to:
            raise _RefusedError(301, "Moved Permanently", {"Location": f"{self.url}{issue.moved_to}"})
        if issue.deleted:
            raise _RefusedError(410, "This issue was deleted")
        return full_name, issue

    def _comment(self, request: web.Request) -> tuple[str, Issue, dict[str, Any]]:
        full_name, repository = self._repository(request)
        wanted = int(request.match_info["id"])
        for issue in repository.issues.values():
            for kept in issue.comments:
                if kept["id"] == wanted:
                    return full_name, issue, kept
        raise _RefusedError(404, "Not Found")

    def _page(self, request: web.Request, items: list[dict[str, Any]]) -> web.Response:
        """Return one page of a list, with the links to others as GitHub writes them."""
        size = min(int(request.query.get("per_page", _PER_PAGE)), _MOST_PER_PAGE)
        page, last = int(request.query.get("page", 1)), max(1, -(-len(items) // size))
        targets = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
        wanted = ["prev", "first"] * (page > 1) + ["next", "last"] * (page < last)
        links = [f'<{self.url}{request.rel_url.update_query(page=targets[rel])}>; rel="{rel}"' for rel in wanted]
        headers = {"Link": ", ".join(links)} if links else {}
        return web.json_response(items[(page - 1) * size : page * size], headers=headers)


class _RefusedError(Exception):
    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers


def _refused(status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    answer = {"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(status)}
    return web.json_response(answer, status=status, headers={"Date": formatdate(usegmt=True), **(headers or {})})


def _text(asked: Any, key: str, longest: int) -> str:
    """Return a required text, or refuse it as GitHub does."""
    value = asked.get(key) if isinstance(asked, dict) else None
    if not isinstance(value, str) or not value:
        raise _RefusedError(422, f"Validation Failed: {key} can't be blank")
    if len(value) > longest:
        raise _RefusedError(422, f"Validation Failed: {key} is too long (maximum is {longest} characters)")
    return value


def _label_names(asked: Any) -> list[str]:
    names = asked.get("labels") if isinstance(asked, dict) else asked
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise _RefusedError(422, "Validation Failed")
    return names


def _find(names: Sequence[str], wanted: str) -> str:
    """Return a label as it is spelled: GitHub does not tell capitals from small letters."""
    return next((name for name in names if name.casefold() == wanted.casefold()), "")


def _digest(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


async def _main() -> None:
    parser = argparse.ArgumentParser(description="A stand-in for GitHub's REST API on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--token", default="", help="the only token that is accepted")
    parser.add_argument("--repository", action="append", default=[], metavar="OWNER/NAME")
    parser.add_argument("--label", action="append", default=[], help="a label of every repository")
    chosen = parser.parse_args()
    github = StandIn(token=chosen.token, port=chosen.port)
    for name in chosen.repository:
        github.add_repository(name, chosen.label)
    async with github:
        print(f"stand-in for GitHub's REST API on {github.url}", flush=True)  # noqa: T201 - for whoever started it
        await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(_main())
    except KeyboardInterrupt:
        print("stopped")  # noqa: T201 - as above
