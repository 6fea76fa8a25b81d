"""The composition root: files, addresses and secrets become knowledge, a store, hands and a ready service."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import replace
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from triagebot.blanks import ISSUE_TEMPLATES
from triagebot.errors import InputError, ModelError, SettingsError, StoreError
from triagebot.pipeline import Triage
from triagebot.records import Knowledge
from triagebot.shelf import shelved

if TYPE_CHECKING:  # heavy: opened by the doors that need them, not by every command
    from triagebot.diagnose.labels.model import LabelModels
    from triagebot.github.accounts import Account
    from triagebot.github.client import GitHubHands, Pace
    from triagebot.github.rulebook import Rulebooks
    from triagebot.service import Service
    from triagebot.store import Store

_PACKED = Path(__file__).parent / "_knowledge"
# In a wheel the folder lies inside the package, in a checkout beside it.
SHIPPED = _PACKED if _PACKED.is_dir() else Path(__file__).parent.parent / "knowledge"
_LARGEST_FILE = 16 * 1024 * 1024
_ENDINGS = (".yaml", ".yml")


def load_knowledge(path: str | None = None) -> Knowledge:
    """Return the knowledge of a folder or of a single FAQ file; None: what ships with the bot.

    Forms, terms and replies that the folder does not have come from what ships.  Raises InputError when something
    cannot be read, KnowledgeError when it is wrong.
    """
    shipped = read_folder(SHIPPED)
    if path is None:
        return shelved(shipped, lambda: _check(shipped, shipped))
    place = Path(path)
    if place.is_dir():
        return _check(read_folder(place), shipped)
    return _check({path: _read(place)}, shipped, faq=path)


def load_knowledge_apart(path: str | None = None) -> Knowledge:
    """Return what `load_knowledge` does, and raise what it raises; for a process that stays, before it has threads.

    A process that ends afterwards reads: pydantic weighs as much as a fifth of a server, which needs it only once.
    """
    near, far = Pipe(duplex=False)
    with near, suppress(EOFError, ValueError):  # a ValueError where the system cannot fork
        with far:
            reader = get_context("fork").Process(target=_send_knowledge, args=(far, path))
            reader.start()
        knowledge: Knowledge = near.recv()
        reader.join()
        return knowledge
    return load_knowledge(path)  # an error is found once more, here


def _send_knowledge(far: Connection, path: str | None) -> None:
    with suppress(Exception):
        far.send(load_knowledge(path))


def _check(files: dict[str, str], shipped: dict[str, str], *, faq: str | None = None) -> Knowledge:
    from triagebot.knowledge import read_knowledge  # noqa: PLC0415 - heavy, and seldom needed (see shelf.py)

    return read_knowledge(files, shipped, faq=faq)


def read_folder(folder: Path) -> dict[str, str]:
    """Return the texts of a knowledge folder by path: its YAML files, and the issue templates in `ISSUE_TEMPLATE`.

    Raises InputError when something cannot be read.
    """
    files = _files(folder, _ENDINGS)
    if not files:
        raise InputError(f"{folder}: there is no YAML file in this folder. {_REMEDY}")
    templates = folder / ISSUE_TEMPLATES
    files += _files(templates, (*_ENDINGS, ".md")) if templates.is_dir() else []
    return {str(file): _read(file) for file in files}


def _files(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    try:
        return sorted(file for file in folder.iterdir() if file.suffix in endings and file.is_file())
    except OSError as error:
        raise InputError(f"{folder}: {error.strerror or 'cannot be read'}. {_REMEDY}") from None


_REMEDY = "Name a folder with a faq.yaml (docs/faq-format.md lists the other files), or a FAQ file."


def _read(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST_FILE + 1)
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{file}: {error.strerror or 'cannot be read'}. {_REMEDY}") from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{file}:{line}: not UTF-8 text. Save the file as UTF-8.") from None
    if len(content) > _LARGEST_FILE:
        raise InputError(f"{file}: larger than {_LARGEST_FILE // 1024 // 1024} MiB. Is this a knowledge file?")
    return text


def load_labels(path: str) -> LabelModels:
    """Return the label models of a file, or of a folder's `.npz` files; raises ModelError."""
    from triagebot.diagnose.labels.model import LabelModels  # noqa: PLC0415 - brings numpy
    from triagebot.learned.labels.file import read_model  # noqa: PLC0415

    place = Path(path)
    files = sorted(place.glob("*.npz")) if place.is_dir() else [place]
    if not files:
        raise ModelError(f"{path}: there is no label model (.npz) in this folder. Make one: triagebot train labels.")
    return LabelModels(tuple(map(read_model, files)))


def with_labels(knowledge: Knowledge, path: str | None) -> tuple[Knowledge, str]:
    """Return the knowledge with the label models at a path, and "" or why it goes on without them."""
    if path is None:
        return knowledge, ""
    try:
        return replace(knowledge, labeller=load_labels(path)), ""
    except ModelError as error:
        return knowledge, f"{error} Going on without learned labels."


def open_store(url: str, quiet: float = 0.0, longest: float = 0.0, *, create: bool = True) -> Store:
    """Return the opened store (SQLite or PostgreSQL), its tables up to date; raises StoreError.

    `quiet`, `longest`: seconds without a delivery, and since the first one, after which a report is due.
    `create`: False where a database that is not there yet has nothing to tell; raises StoreError then.
    """
    from triagebot.store import Store, is_there  # noqa: PLC0415 - heavy, see above

    if not create and not is_there(url):
        raise StoreError(
            f"There is no database at {url} yet. Name the server's: TRIAGEBOT_DATABASE_URL, or --config FILE."
        )
    return Store(url, quiet, longest)


class GitHubKeys(Protocol):
    """Where GitHub is and who we are there, as the operator's settings say it."""

    @property
    def github_api_url(self) -> str:
        """The address of the API."""
        ...

    @property
    def github_token(self) -> str:
        """An account's token; "" where an App is."""
        ...

    @property
    def github_app_id(self) -> str:
        """An App's number or client id; "" where a token is."""
        ...

    @property
    def github_app_private_key(self) -> str:
        """The App's key (PEM)."""
        ...

    @property
    def github_seconds_between_writes(self) -> float:
        """Seconds between two writes."""
        ...


def open_account(keys: GitHubKeys, *, pause: float | None = None, otherwise: str = "") -> Account:
    """Return whom the bot is at GitHub: an App where there is one, else whose token it is; nothing is asked yet.

    `pause`: seconds between two writes, None for what the settings say; `otherwise`: the login of a token that may not
    ask for its own.  Raises SettingsError for a broken key.
    """
    from triagebot.github.accounts import Address, AppAccount, Key, TokenAccount  # noqa: PLC0415 - heavy, see above

    address = Address(api_url=keys.github_api_url, pause=keys.github_seconds_between_writes if pause is None else pause)
    if not keys.github_app_id:
        return TokenAccount(address, keys.github_token, otherwise)
    try:
        return AppAccount(address, Key(app_id=keys.github_app_id, pem=keys.github_app_private_key))
    except ValueError:
        message = "TRIAGEBOT_GITHUB_APP_PRIVATE_KEY: the key is damaged. Download a new one from the App's settings."
        raise SettingsError(message) from None


def open_github(account: Account, pace: Pace = nullcontext) -> GitHubHands:
    """Return the hands on GitHub; `pace` is entered around each write."""
    from triagebot.github.client import GitHubHands  # noqa: PLC0415 - heavy, see above

    return GitHubHands(account, pace)


def build_service(triage: Triage, hands: GitHubHands, store: Store, rules: Rulebooks | None = None) -> Service:
    """Return the service that joins the core with the world; `rules` tell what holds in each repository."""
    from triagebot.service import Service  # noqa: PLC0415 - as above

    return Service(triage, hands, store.memory, rules=rules, opinions=store.feedback)


def open_rulebooks(account: Account, triage: Triage, make: Callable[[Knowledge], Triage] = Triage) -> Rulebooks:
    """Return what holds in each repository: `triage` where it has no knowledge of its own, else what `make` makes."""
    from triagebot.github.files import Files  # noqa: PLC0415 - heavy, see above
    from triagebot.github.rulebook import Rulebooks  # noqa: PLC0415

    def taught(own: Knowledge) -> Triage:  # learned labels belong to the repository, whatever its knowledge says
        return make(replace(own, labeller=triage.knowledge.labeller))

    return Rulebooks(Files(account), triage, taught, read_folder(SHIPPED))


def open_tracker(account: Account, triage: Triage, store: Store) -> Service:
    """Return the service for another door: it looks at issues, and puts labels on at a person's word."""
    return build_service(triage, open_github(account), store, open_rulebooks(account, triage))
