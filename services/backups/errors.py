"""What can go wrong with a backup, as branches of the one tree in services/errors.py."""

from __future__ import annotations

from services.errors import Conflict, Invalid, NotFound, Unavailable


class NothingToBackUp(NotFound):
    code = "nothing_to_back_up"
    sentence = (
        "这里还没有可以备份的内容，请检查 OPENZONE_DATA_DIR 和 OPENZONE_DATABASE_URL 对不对。"
    )


class KeysChanged(Conflict):
    """The key was changed meanwhile: it might not open the copy that was made."""

    code = "keys_changed"
    sentence = "备份时密钥正在更换，没有做成备份。请等更换做完，再备份一次。"


class BadBackup(Invalid):
    code = "bad_backup"
    sentence = "这不是完整的备份文件，或者它被改动过。没有恢复任何内容，请换一份备份。"


class BackupOfNewerProgram(BadBackup):
    code = "backup_too_new"
    sentence = "这份备份是更新版本的程序做的，请先升级程序再恢复。没有恢复任何内容。"


class BackupOfOtherDatabase(BadBackup):
    code = "backup_of_other_database"
    sentence = (
        "这份备份来自另一种数据库（SQLite 或 PostgreSQL），只能恢复到同一种数据库。"
        "没有恢复任何内容，请检查 OPENZONE_DATABASE_URL。"
    )


class InstallationNotEmpty(Conflict):
    code = "installation_not_empty"
    sentence = (
        "这里已经有内容，恢复会把它全部换掉。确实要换，请先备份现有内容，再加上 --replace 执行。"
    )


class InstallationInUse(Conflict):
    code = "installation_in_use"
    sentence = "数据库正在使用，请先停止所有 OpenZone 服务，再恢复。"


class DatabaseToolMissing(Unavailable):
    code = "database_tool_missing"

    def __init__(self, program: str) -> None:
        super().__init__(
            f"{program} is not installed",
            sentence=f"没有找到 {program}。请先安装 PostgreSQL 的客户端程序"
            "（Debian、Ubuntu：apt-get install postgresql-client），版本不低于数据库服务器。",
        )


class DatabaseToolFailed(Unavailable):
    code = "database_tool_failed"

    def __init__(self, program: str, said: str) -> None:
        super().__init__(
            f"{program}: {said}", sentence=f"{program} 没有做成，什么也没有改动。它报告：{said}"
        )
