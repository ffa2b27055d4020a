"""What do templates need that Django's own tags do not give: a form's `op`, and ids made of names?"""

from __future__ import annotations

import re
import uuid

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def op() -> SafeString:
    """The hidden field that names one attempt; the page's script gives each press a new one."""
    return format_html('<input type="hidden" name="op" value="{}">', uuid.uuid4())


@register.filter
def anchor(text: str) -> str:
    """A name as part of an id: `Pod/default/web.a` is Pod-default-web-a."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", text)
