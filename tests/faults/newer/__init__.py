"""The office one version later: the contract `OrderPlaced` has one more field."""
