"""The base of every app's configuration: what an app registers is loaded once the models exist."""

from importlib import import_module
from typing import ClassVar

from django.apps import AppConfig
from django.utils.module_loading import module_has_submodule

# Modules that register something by being imported, by the same name in every app that has one.
EVERYWHERE = ("changes", "figures", "sources", "words")


class PortalConfig(AppConfig):
    """An app of the portal. registers: its other modules whose import registers something."""

    registers: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        """Make it the one that Django takes: an apps.py holds two, as it imports this one."""
        super().__init_subclass__()
        cls.default = True

    def ready(self) -> None:
        assert self.module is not None
        for name in EVERYWHERE:
            if module_has_submodule(self.module, name):
                import_module(f"{self.name}.{name}")
        for name in self.registers:
            import_module(f"{self.name}.{name}")
