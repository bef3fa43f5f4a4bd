"""The addresses of customers."""

from django.urls import path

from frontdesk.customers.views import changes, customers, duplicates, lookups

urlpatterns = [
    path("customers/", customers.customer_list, name="customers"),
    path("customers/new/", customers.customer_new, name="customer-new"),
    path("customers/lookup/", lookups.lookup_customers, name="lookup-customers"),
    path("customers/warning/", lookups.warning, name="customer-warning"),
    path("customers/duplicates/", duplicates.customer_duplicates, name="customer-duplicates"),
    path("customers/<slug:number>/", customers.customer_page, name="customer"),
    path("customers/<slug:number>/edit/", customers.customer_edit, name="customer-edit"),
    path("customers/<slug:number>/notes/", changes.customer_note, name="customer-note"),
    path("customers/<slug:number>/contacts/", changes.contact_new, name="contact-new"),
    path(
        "customers/<slug:number>/contacts/remove/",
        changes.contact_remove,
        name="contact-remove",
    ),
    path("customers/<slug:number>/active/", changes.customer_active, name="customer-active"),
    path("customers/<slug:number>/merge/", changes.customer_merge, name="customer-merge"),
]
