"""The desk over HTTP: customers, orders, payments, complaints. One domain call an endpoint."""
