"""The catalogue's pages."""

from django.urls import path

from officeflow.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("products/", views.products, name="products"),
    path("new-product/", views.product_new, name="product-new"),
    path("products/<str:sku>/", views.product, name="product"),
    path("tax/", views.tax, name="tax"),
    path("tax/retire/", views.tax_retire, name="tax-retire"),
]
