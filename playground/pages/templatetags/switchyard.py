"""What do templates need that Django's own tags do not give: a form's `op`, ids made of names, and code in a sentence?"""

from __future__ import annotations

import re
import uuid

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from playground.clusters import wording

register = template.Library()


@register.simple_tag
def op() -> SafeString:
    """The hidden field that names one attempt; the page's script gives each press a new one."""
    return format_html('<input type="hidden" name="op" value="{}">', uuid.uuid4())


@register.filter
def anchor(text: str) -> str:
    """A name as part of an id: `Pod/default/web.a` is Pod-default-web-a."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", text)


register.filter("sender", wording.sender)
register.filter("sender_ref", wording.sender_ref)


@register.filter
def coded(text: str) -> SafeString:
    """What stands between backticks, as code."""
    return mark_safe(re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text)))
