"""The house's own rooms under `/house/`: the pages of its settings, above everyone they concern."""
