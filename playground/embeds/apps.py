"""What is this room called in Django, and what does it tell the door?"""

from django.apps import AppConfig


class EmbedsConfig(AppConfig):
    name = "playground.embeds"

    def ready(self) -> None:
        from playground.clusters import grants
        from playground.embeds import links

        grants.ask(links.stands)
