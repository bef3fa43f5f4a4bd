"""The tag that draws the panel of files."""
