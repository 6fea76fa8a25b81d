"""Operating systems speak the language of their user: their sentences as numbers, or as they are in English."""

from __future__ import annotations

import re

from triagebot.late import late_regex

# Windows: the sentence of each error number, in the languages that reports come in.
_WINDOWS = {
    "[WinError 126]": (
        "The specified module could not be found", "找不到指定的模块", "找不到指定的模組", "指定されたモジュールが見つかりません",
        "Das angegebene Modul wurde nicht gefunden", "Le module spécifié est introuvable",
        "No se puede encontrar el módulo especificado", "No se encontró el módulo especificado", "Не найден указанный модуль",
        "지정된 모듈을 찾을 수 없습니다", "Não foi possível encontrar o módulo especificado", "Impossibile trovare il modulo specificato",
    ),
    "[WinError 127]": (
        "The specified procedure could not be found", "找不到指定的程序", "找不到指定的程序", "指定されたプロシージャが見つかりません",
        "Die angegebene Prozedur wurde nicht gefunden", "La procédure spécifiée est introuvable", "Не найдена указанная процедура",
    ),
    "[WinError 193]": (
        "%1 is not a valid Win32 application", "%1 不是有效的 Win32 应用程序", "%1 不是有效的 Win32 應用程式",
        "%1 は有効な Win32 アプリケーションではありません", "%1 ist keine zulässige Win32-Anwendung", "%1 n'est pas une application Win32 valide",
        "%1 no es una aplicación Win32 válida", "%1 не является приложением Win32",
    ),
    "[WinError 1114]": (
        "A dynamic link library (DLL) initialization routine failed", "动态链接库(DLL)初始化例程失败", "动态链接库（DLL）初始化例程失败",
        "動態連結程式庫 (DLL) 初始化例行程序失敗", "ダイナミック リンク ライブラリ (DLL) 初期化ルーチンの実行に失敗しました",
        "Eine DLL-Initialisierungsroutine ist fehlgeschlagen", "Une routine d'initialisation d'une bibliothèque de liens dynamiques (DLL) a échoué",
    ),
    "[WinError 1455]": (
        "The paging file is too small for this operation to complete", "页面文件太小，无法完成操作", "页面文件太小,无法完成操作",
        "Die Auslagerungsdatei ist zu klein, um diesen Vorgang durchzuführen", "ページング ファイルが小さすぎるため、この操作を完了できません",
    ),
    "[WinError 2]": (
        "The system cannot find the file specified", "系统找不到指定的文件", "系統找不到指定的檔案", "指定されたファイルが見つかりません",
        "Das System kann die angegebene Datei nicht finden", "Le fichier spécifié est introuvable", "Не удается найти указанный файл",
        "El sistema no puede encontrar el archivo especificado", "지정된 파일을 찾을 수 없습니다",
    ),
    "[WinError 3]": (
        "The system cannot find the path specified", "系统找不到指定的路径", "Das System kann den angegebenen Pfad nicht finden",
        "Le chemin d'accès spécifié est introuvable", "El sistema no puede encontrar la ruta especificada",
    ),
    "[WinError 5]": ("Access is denied", "拒绝访问", "存取被拒", "Zugriff verweigert", "Accès refusé", "Acceso denegado", "アクセスが拒否されました", "Отказано в доступе"),
    "[WinError 32]": (
        "The process cannot access the file because it is being used by another process", "另一个程序正在使用此文件，进程无法访问",
        "另一个程序正在使用此文件,进程无法访问",
    ),
}  # fmt: skip
_UNIX = {
    "No such file or directory": (
        "没有那个文件或目录", "沒有此一檔案或目錄", "Datei oder Verzeichnis nicht gefunden", "Aucun fichier ou dossier de ce type",
        "No existe el archivo o el directorio", "そのようなファイルやディレクトリはありません", "Нет такого файла или каталога",
        "그런 파일이나 디렉터리가 없습니다", "Arquivo ou diretório inexistente", "File o directory non esistente",
    ),
    "Permission denied": ("权限不够", "拒绝访问权限", "Keine Berechtigung", "Permission non accordée", "Permiso denegado", "許可がありません", "Отказано в доступе к"),
    "No space left on device": ("设备上没有空间", "Auf dem Gerät ist kein Speicherplatz mehr verfügbar", "Aucun espace disponible sur le périphérique"),
    "cannot open shared object file": (
        "无法打开共享对象文件", "无法打开共享目标文件", "無法開啟共享物件檔案", "Kann die Shared-Object-Datei nicht öffnen", "ne peut ouvrir le fichier d'objet partagé",
        "共有オブジェクトファイルを開けません",
    ),
    "Segmentation fault": ("段错误", "區段錯誤", "Speicherzugriffsfehler", "Erreur de segmentation", "Violación de segmento", "Ошибка сегментирования"),
    "core dumped": ("核心已转储", "吐核", "Speicherabzug geschrieben", "core dumped", "volcado de memoria"),
    "Killed": ("已杀死", "Getötet"),
    "cannot find -l": ("找不到 -l",),
    "command not found": ("未找到命令", "Kommando nicht gefunden", "commande introuvable", "orden no encontrada"),
    "unresolved external symbol": ("无法解析的外部符号", "nicht aufgelöstes externes Symbol", "symbole externe non résolu"),
    "unrecognized command line option": ("无法识别的命令行选项", "无法识别的命令行选项："),
}  # fmt: skip
_SENTENCES = {words: name for table in (_WINDOWS, _UNIX) for name, several in table.items() for words in several}
# Sentences of compilers, linkers, make and shells whose names stand in another place, or that tools word differently.
# Each with the signs without one of which it cannot stand: most lines hold none.
_NAMED = r"[`'\"]([^`'\"\n]{1,300})['\"]"
_ORDERED = (
    (
        ("No such file or directory", "file not found"),
        late_regex(
            r"(?:(?:Cannot open include file|无法打开包括文件): ?)?[\"']?(\w[\w./+\-]{0,200}\.(?:h|hpp|cuh|hh|hxx|inc))[\"']?:? ?"
            r"(?:No such file or directory|file not found)"
        ),
        r"\1: No such file or directory",
    ),
    (
        ("undefined reference to", "未定义的引用"),
        late_regex(rf"(?:undefined reference to {_NAMED}|对 ?{_NAMED} ?未定义的引用)"),
        r"undefined reference to '\1\2'",
    ),
    (
        ("not found",),
        late_regex(r"^command not found: (\S{1,100})$|^([\w./+\-]{1,100}): (?:command )?not found$"),
        r"\1\2: command not found",
    ),
    (
        ("not recognized as", "不是内部或外部命令", "无法将"),
        late_regex(
            rf"{_NAMED} (?:is not recognized as an internal or external command|不是内部或外部命令)"
            rf"|The term {_NAMED} is not recognized as (?:the|a) name of a cmdlet|无法将 ?{_NAMED} ?项识别为 cmdlet"
        ),
        r"\1\2\3: command not found",
    ),
    (
        ("没有规则可制作目标",),
        late_regex(rf"没有规则可制作目标 ?{_NAMED}[,，] ?由 ?{_NAMED} ?需求。 ?停止"),
        r"No rule to make target '\1', needed by '\2'.  Stop",
    ),
    (
        ("没有规则可制作目标",),
        late_regex(rf"没有规则可制作目标 ?{_NAMED}。 ?停止"),
        r"No rule to make target '\1'.  Stop",
    ),
    (
        ("未声明",),
        late_regex(rf"{_NAMED} ?未声明 ?\(在此函数内第一次使用\)"),
        r"'\1' undeclared (first use in this function)",
    ),
    (
        ("未声明",),
        late_regex(rf"{_NAMED} ?(?:在此作用域中尚未声明|未声明)"),
        r"'\1' was not declared in this scope",
    ),
    (("的成员",), late_regex(rf"{_NAMED} ?不是 ?{_NAMED} ?的成员"), r"'\1' is not a member of '\2'"),
    (("的成员",), late_regex(rf"{_NAMED} ?没有名为 ?{_NAMED} ?的成员"), r"'\1' has no member named '\2'"),
    (
        ("匹配的函数",),
        late_regex(rf"对 ?{_NAMED} ?的调用没有匹配的函数|没有匹配的函数可用于调用 ?{_NAMED}"),
        r"no matching function for call to '\1\2'",
    ),
    (("一个类型",), late_regex(rf"{_NAMED} ?(?:没有命名一个类型|不是一个类型名)"), r"'\1' does not name a type"),
)
_SIGNS = tuple(sign for signs, _, _ in _ORDERED for sign in signs)
_ANY = late_regex("|".join(re.escape(words) for words in sorted(_SENTENCES, key=len, reverse=True)))
_ANY_ASCII = late_regex(
    "|".join(re.escape(words) for words in sorted(filter(str.isascii, _SENTENCES), key=len, reverse=True))
)


def may_read_otherwise(text: str) -> bool:
    """Say whether `in_english` may change a line of a text, in a part of the time that trying takes."""
    return _any_sentence(text).search(text) is not None or any(sign in text for sign in _SIGNS)


def in_english(line: str) -> str:
    """Return a message with the sentences that systems put in their user's language replaced by number or in English.

    What several tools word differently is said in one way.
    """
    line = _any_sentence(line).sub(lambda found: _SENTENCES[found[0]], line)
    for signs, sentence, english in _ORDERED:
        if any(sign in line for sign in signs):
            line = sentence.sub(english, line)
    return line


def _any_sentence(text: str) -> re.Pattern[str]:
    return _ANY_ASCII if text.isascii() else _ANY
