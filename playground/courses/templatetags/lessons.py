"""How do templates say a sentence that something is filled into?"""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Any, key: str, **values: object) -> str:
    """`{% say "lesson_of" place=1 of=18 %}` in the language of the page."""
    said: str = context["w"].say(key, **values)
    return said
