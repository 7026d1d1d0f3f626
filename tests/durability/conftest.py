"""Both databases, for what must survive."""

from tests.postgres import postgres, team_database, template, where

__all__ = ["postgres", "team_database", "template", "where"]
