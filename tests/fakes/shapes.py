"""The JSON of GitHub's REST API and webhooks in its real shape, built from a few values (pure)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

_WHEN = "2026-01-05T08:00:00Z"
_USER_LINKS = (
    "followers following{/other_user} gists{/gist_id} starred{/owner}{/repo} subscriptions organizations repos "
    "events{/privacy} received_events"
)
_REPOSITORY_LINKS = (
    "forks keys{/key_id} collaborators{/collaborator} teams hooks issues/events{/number} events assignees{/user} "
    "branches{/branch} tags git/blobs{/sha} git/tags{/sha} git/refs{/sha} git/trees{/sha} statuses/{sha} languages "
    "stargazers contributors subscribers subscription commits{/sha} git/commits{/sha} comments{/number} "
    "issues/comments{/number} contents/{+path} compare/{base}...{head} merges {archive_format}{/ref} downloads "
    "issues{/number} pulls{/number} milestones{/number} notifications{?since,all,participating} labels{/name} "
    "releases{/id} deployments"
)
_NOTHING_YET = dict.fromkeys(("forks", "stargazers_count", "watchers", "open_issues", "size"), 0)
_REACTIONS = dict.fromkeys(("total_count", "+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"), 0)


def number_of(text: str) -> int:
    """Return a stable number for a name, as ids are."""
    return sum((place + 1) * ord(sign) for place, sign in enumerate(text)) + 100_000


def user(api: str, login: str, kind: str = "User") -> dict[str, Any]:
    """Return an account; `kind` is User, Bot or Organization."""
    home = f"{api}/users/{quote(login)}"
    links = {_link_name(part): f"{home}/{part}" for part in _USER_LINKS.split()}
    return {
        "login": login,
        "id": number_of(login),
        "node_id": f"U_{number_of(login)}",
        "avatar_url": f"{api}/avatars/{number_of(login)}?v=4",
        "gravatar_id": "",
        "url": home,
        "html_url": f"{api}/{quote(login)}",
        **links,
        "type": kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def own_account(api: str, login: str) -> dict[str, Any]:
    """Return an account as it is shown to itself."""
    nothing = dict.fromkeys(("bio", "blog", "company", "email", "hireable", "location", "name"))
    none_yet = dict.fromkeys(("followers", "following", "public_gists", "public_repos"), 0)
    return user(api, login) | nothing | none_yet | {"created_at": _WHEN, "updated_at": _WHEN}


def full_repository(api: str, full_name: str) -> dict[str, Any]:
    """Return a repository as it is shown when it is asked for alone."""
    shown = repository(api, full_name)
    home = shown["url"]
    git = {f"{name}_url": f"{home}/git/{name}{{/sha}}" for name in ("blobs", "trees")}
    comments = {"issue_comment_url": f"{home}/issues/comments{{/number}}"}
    counts = ("forks_count", "open_issues_count", "watchers_count", "network_count", "subscribers_count")
    return {
        **shown,
        **git,
        **comments,
        **dict.fromkeys(counts, 0),
        "git_refs_url": f"{home}/git/refs{{/sha}}",
        "git_tags_url": f"{home}/git/tags{{/sha}}",
        "git_commits_url": f"{home}/git/commits{{/sha}}",
        "archive_url": f"{home}/{{archive_format}}{{/ref}}",
        "issue_events_url": f"{home}/issues/events{{/number}}",
        "mirror_url": None,
        "ssh_url": f"git@github.com:{full_name}.git",
        "svn_url": f"{api}/{full_name}",
    }


def repository(api: str, full_name: str) -> dict[str, Any]:
    """Return a public repository of an organization."""
    owner, _, name = full_name.partition("/")
    home = f"{api}/repos/{full_name}"
    links = {_link_name(part): f"{home}/{part}" for part in _REPOSITORY_LINKS.split()}
    return {
        "id": number_of(full_name),
        "node_id": f"R_{number_of(full_name)}",
        "name": name,
        "full_name": full_name,
        "private": False,
        "owner": user(api, owner, "Organization"),
        "html_url": f"{api}/{full_name}",
        "description": "A repository of the stand-in",
        "fork": False,
        "url": home,
        **links,
        "created_at": _WHEN,
        "updated_at": _WHEN,
        "pushed_at": _WHEN,
        "git_url": f"git:{api.partition(':')[2]}/{full_name}.git",
        "clone_url": f"{api}/{full_name}.git",
        "homepage": None,
        "language": "Python",
        "has_issues": True,
        "has_projects": True,
        "has_downloads": True,
        "has_wiki": True,
        "has_pages": False,
        "has_discussions": False,
        "archived": False,
        "disabled": False,
        "license": {
            "key": "apache-2.0",
            "name": "Apache License 2.0",
            "spdx_id": "Apache-2.0",
            "node_id": "L_1",
            "url": None,
        },
        "allow_forking": True,
        "is_template": False,
        "topics": [],
        "visibility": "public",
        "default_branch": "main",
        **_NOTHING_YET,
    }


def label(api: str, full_name: str, name: str, encoded: str) -> dict[str, Any]:
    """Return a label; `encoded` is its name as it stands in an address."""
    return {
        "id": number_of(full_name + name),
        "node_id": f"LA_{number_of(full_name + name)}",
        "url": f"{api}/repos/{full_name}/labels/{encoded}",
        "name": name,
        "color": "ededed",
        "default": False,
        "description": None,
    }


def issue(api: str, full_name: str, stored: Mapping[str, Any], labels: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return an issue from what is stored of it: number, title, body, author, state, locked, comments."""
    home = f"{api}/repos/{full_name}"
    here = f"{home}/issues/{stored['number']}"
    return {
        "url": here,
        "repository_url": home,
        "labels_url": f"{here}/labels{{/name}}",
        "comments_url": f"{here}/comments",
        "events_url": f"{here}/events",
        "html_url": f"{api}/{full_name}/issues/{stored['number']}",
        "id": 2_000_000_000 + stored["number"],
        "node_id": f"I_{stored['number']}",
        "number": stored["number"],
        "title": stored["title"],
        "user": stored["user"],
        "labels": list(labels),
        "state": stored["state"],
        "locked": stored["locked"],
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": stored["comments"],
        "created_at": stored["created_at"],
        "updated_at": stored["updated_at"],
        "closed_at": None if stored["state"] == "open" else _WHEN,
        "closed_by": user(api, stored["closed_by"]) if stored.get("closed_by") else None,
        "author_association": stored["association"],
        "active_lock_reason": None,
        "sub_issues_summary": {"total": 0, "completed": 0, "percent_completed": 0},
        "body": stored["body"],
        "reactions": {"url": f"{here}/reactions", **_REACTIONS},
        "timeline_url": f"{here}/timeline",
        "performed_via_github_app": None,
        "state_reason": None,
        **({"pull_request": {"url": f"{home}/pulls/{stored['number']}"}} if stored.get("pull_request") else {}),
    }


def comment(api: str, full_name: str, number: int, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return a comment from what is stored of it: id, author and body."""
    home = f"{api}/repos/{full_name}/issues"
    return {
        "url": f"{home}/comments/{stored['id']}",
        "html_url": f"{api}/{full_name}/issues/{number}#issuecomment-{stored['id']}",
        "issue_url": f"{home}/{number}",
        "id": stored["id"],
        "node_id": f"IC_{stored['id']}",
        "user": stored["user"],
        "created_at": stored["at"],
        "updated_at": stored["at"],
        "author_association": stored["association"],
        "body": stored["body"],
        "reactions": {
            "url": f"{home}/comments/{stored['id']}/reactions",
            **_REACTIONS,
            **{content: len(logins) for content, logins in stored["reactions"].items() if logins},
            "total_count": sum(map(len, stored["reactions"].values())),
        },
        "performed_via_github_app": None,
    }


def issues_event(
    api: str, action: str, issue_json: Mapping[str, Any], sender: Mapping[str, Any], **more: Any
) -> dict[str, Any]:
    """Return the payload of an `issues` delivery about an issue as REST shows it; `more`: changes, label."""
    full_name = issue_json["repository_url"].partition("/repos/")[2]
    owner = full_name.partition("/")[0]
    return {
        "action": action,
        "issue": dict(issue_json),
        **more,
        "repository": repository(api, full_name),
        "organization": {
            "login": owner,
            "id": number_of(owner),
            "node_id": f"O_{number_of(owner)}",
            "url": f"{api}/orgs/{owner}",
            "repos_url": f"{api}/orgs/{owner}/repos",
            "events_url": f"{api}/orgs/{owner}/events",
            "hooks_url": f"{api}/orgs/{owner}/hooks",
            "issues_url": f"{api}/orgs/{owner}/issues",
            "members_url": f"{api}/orgs/{owner}/members{{/member}}",
            "public_members_url": f"{api}/orgs/{owner}/public_members{{/member}}",
            "avatar_url": f"{api}/avatars/{number_of(owner)}?v=4",
            "description": "",
        },
        "sender": dict(sender),
    }


def comment_event(
    api: str,
    action: str,
    issue_json: Mapping[str, Any],
    comment_json: Mapping[str, Any],
    sender: Mapping[str, Any],
    **more: Any,
) -> dict[str, Any]:
    """Return the payload of an `issue_comment` delivery; `more`: changes."""
    whole = issues_event(api, action, issue_json, sender, **more)
    return whole | {"comment": dict(comment_json)}


def reaction(api: str, number: int, login: str, content: str) -> dict[str, Any]:
    """Return a reaction to a comment."""
    return {"id": number, "node_id": f"R_{number}", "user": user(api, login), "content": content, "created_at": _WHEN}


def content(api: str, full_name: str, path: str, text: str | None, sha: str) -> dict[str, Any]:
    """Return a file with its text in base64, or as a folder lists it (`text` None)."""
    home = f"{api}/repos/{full_name}"
    git = f"{home}/git/blobs/{sha}"
    web_page = f"{api}/{full_name}/blob/main/{path}"
    filled = {} if text is None else {"encoding": "base64", "content": b64encode(text.encode()).decode()}
    return {
        "type": "file",
        "size": len((text or "").encode()),
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "url": f"{home}/contents/{path}?ref=main",
        "git_url": git,
        "html_url": web_page,
        "download_url": f"{api}/raw/{full_name}/main/{path}",
        "_links": {"self": f"{home}/contents/{path}?ref=main", "git": git, "html": web_page},
        **filled,
    }


def label_event(api: str, full_name: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was done to an issue, from number, login, event and label."""
    return {
        "id": stored["number"],
        "node_id": f"E_{stored['number']}",
        "url": f"{api}/repos/{full_name}/issues/events/{stored['number']}",
        "actor": user(api, stored["login"], "Bot" if stored["login"].endswith("[bot]") else "User"),
        "event": stored["event"],
        "commit_id": None,
        "commit_url": None,
        "created_at": _WHEN,
        "performed_via_github_app": None,
        **({"label": {"name": stored["label"], "color": "ededed"}} if stored["label"] else {}),
    }


def app(api: str, number: int, slug: str, permissions: Mapping[str, str], events: Sequence[str]) -> dict[str, Any]:
    """Return a GitHub App."""
    return {
        "id": number,
        "slug": slug,
        "node_id": f"A_{number}",
        "client_id": f"Iv1.{number:016x}",
        "owner": user(api, "open-mmlab", "Organization"),
        "name": slug,
        "description": "",
        "external_url": f"{api}/{slug}",
        "html_url": f"{api}/apps/{slug}",
        "created_at": _WHEN,
        "updated_at": _WHEN,
        "permissions": dict(permissions),
        "events": list(events),
        "installations_count": 1,
    }


def installation(api: str, number: int, app_id: int, slug: str, permissions: Mapping[str, str]) -> dict[str, Any]:
    """Return where an App is installed."""
    return {
        "id": number,
        "account": user(api, "open-mmlab", "Organization"),
        "repository_selection": "selected",
        "access_tokens_url": f"{api}/app/installations/{number}/access_tokens",
        "repositories_url": f"{api}/installation/repositories",
        "html_url": f"{api}/organizations/open-mmlab/settings/installations/{number}",
        "app_id": app_id,
        "app_slug": slug,
        "target_id": number_of("open-mmlab"),
        "target_type": "Organization",
        "permissions": dict(permissions),
        "events": ["issues", "issue_comment"],
        "created_at": _WHEN,
        "updated_at": _WHEN,
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_at": None,
        "suspended_by": None,
    }


def _link_name(part: str) -> str:
    """`git/blobs{/sha}` is named `git_blobs_url`; GitHub's own few exceptions do not matter here."""
    return part.partition("{")[0].strip("/").replace("/", "_").rstrip("_") + "_url"
