"""The desk's forms: they check shape; what is allowed is for the actions to say."""
