"""Administration: the pages of the office's own settings, above every app they concern."""
