"""The front desk's pages, noun by noun."""

from frontdesk.complaints import urls as complaints
from frontdesk.counter import urls as counter
from frontdesk.customers import urls as customers
from frontdesk.orders import urls as orders
from frontdesk.payments import urls as payments

app_name = "frontdesk"
# Lookups stand before the pages whose addresses take any number.
urlpatterns = [
    *counter.urlpatterns,
    *orders.urlpatterns,
    *payments.urlpatterns,
    *complaints.urlpatterns,
    *customers.urlpatterns,
]
