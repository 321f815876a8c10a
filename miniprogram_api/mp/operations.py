"""What /mp/v1 offers, with examples that work."""

from __future__ import annotations

from miniprogram_api.mp.application_operations import APPLICATIONS
from miniprogram_api.mp.asking_operations import ASKING
from miniprogram_api.mp.catalogue_operations import CATALOGUE
from miniprogram_api.mp.draft_operations import DRAFTS
from miniprogram_api.mp.help_call_operations import HELP_CALLS
from miniprogram_api.mp.home_operations import HOME
from miniprogram_api.mp.inquiry_operations import INQUIRIES
from miniprogram_api.mp.me_operations import ME
from miniprogram_api.mp.notice_operations import NOTICES
from miniprogram_api.mp.session_operations import SESSIONS
from miniprogram_api.wechat.push_operations import PUSHES

OPERATIONS = (
    *(*SESSIONS, *ME, *HOME),
    *(*CATALOGUE, *ASKING, *INQUIRIES, *HELP_CALLS),
    *(*APPLICATIONS, *DRAFTS),
    *NOTICES,
    *PUSHES,
)
