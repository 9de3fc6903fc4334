"""Pictures for the documentation, made by commands so that they show what comes out today."""
