"""Every read that the desk's pages and its API need, by the thing that is read."""
