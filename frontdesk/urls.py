"""The addresses of the front desk, gathered from its packages."""

from frontdesk.complaints import urls as complaints
from frontdesk.counter import urls as counter
from frontdesk.customers import urls as customers
from frontdesk.orders import urls as orders
from frontdesk.payments import urls as payments
from frontdesk.questions import urls as questions

app_name = "frontdesk"
urlpatterns = [
    *counter.urlpatterns,
    *orders.urlpatterns,
    *payments.urlpatterns,
    *complaints.urlpatterns,
    *questions.urlpatterns,
    *customers.urlpatterns,
]
