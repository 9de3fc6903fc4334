"""Border Assistance Monitor: from documents about border-security assistance to briefs whose figures can be followed back.

Each sub-package is one step of the way of the data (docs/engineers.md draws it) and imports only from steps before it.
"""

__version__ = "0.1.0"
