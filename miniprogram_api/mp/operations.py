"""What /mp/v1 offers, with examples that work."""

from __future__ import annotations

from miniprogram_api.mp.application_operations import APPLICATIONS
from miniprogram_api.mp.draft_operations import DRAFTS
from miniprogram_api.mp.me_operations import ME
from miniprogram_api.mp.session_operations import SESSIONS

OPERATIONS = (*SESSIONS, *ME, *APPLICATIONS, *DRAFTS)
