"""The four tables. Each module has `find(context, resources) -> Found` and is listed in `bam.extraction.registry`."""
