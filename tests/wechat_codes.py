"""What is done about each error code: the table of the platform, row by row."""

from __future__ import annotations

from services.wechat import Reaction

TABLE = {
    Reaction.RETRY: "-1",
    Reaction.RETRY_SOON: "43108",
    Reaction.RETRY_NEXT_MINUTE: "44991 45011",
    Reaction.REFRESH: "40001 40014 42001",
    Reaction.STOP_FOR_TODAY: "45009",
    Reaction.GIVE_UP: "40003 43101 45168 61010 87014 87020",
    Reaction.TELL_USER: "40029 40163 40226 87007 87008 87009",
    Reaction.ALARM: "40013 40037 40125 40164 40243 41030 43107 45029 48001 48006 50002 50004 50007"
    " 89503 89506 89507",
    Reaction.MEND: "40002 40004 40033 40097 40129 40159 40169 41001 41002 41004 43002 43104 44002"
    " 45002 47001 47003 76001 76002 76003 76004 76021 76022 85096",
}
