"""The addresses of payments, refunds and tills."""

from django.urls import path

from frontdesk.payments.views import changes, methods, payments, tills

urlpatterns = [
    path("orders/<slug:number>/pay/", changes.order_pay, name="order-pay"),
    path("orders/<slug:number>/change/", changes.order_change, name="order-change"),
    path("refunds/<slug:number>/pay/", changes.refund_pay, name="refund-pay"),
    path("refunds/<slug:number>/", payments.refund_page, name="refund"),
    path("refunds/<slug:number>/pdf/", payments.refund_pdf, name="refund-pdf"),
    path("payments/", payments.money_list, name="money"),
    path("payments/methods/", methods.methods, name="methods"),
    path("payments/methods/<slug:code>/", methods.method, name="method"),
    path("payments/<slug:number>/", payments.payment_page, name="payment"),
    path("payments/<slug:number>/correct/", changes.payment_correct, name="payment-correct"),
    path("payments/<slug:number>/pdf/", payments.payment_pdf, name="payment-pdf"),
    path("till/", tills.till_today, name="till-today"),
    path("till/site/", tills.till_site, name="till-site"),
    path("till/<slug:day>/", tills.till, name="till"),
    path("till/<slug:day>/count/", tills.till_count, name="till-count"),
]
