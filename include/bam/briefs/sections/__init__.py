"""The sections of a brief, one module each: a function that writes the section at the desk."""
