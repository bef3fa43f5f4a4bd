"""The catalogue's pages."""

from django.urls import path

from officeflow.catalogue import reference_views, views

app_name = "catalogue"
urlpatterns = [
    path("products/", views.products, name="products"),
    path("new-product/", views.product_new, name="product-new"),
    path("products/<path:sku>/", views.product, name="product"),
    path("tax/", reference_views.tax, name="tax"),
    path("tax/retire/", reference_views.tax_retire, name="tax-retire"),
    path("tax/standard/", reference_views.tax_standard, name="tax-standard"),
    path("tax/prices/", reference_views.price_meaning, name="price-meaning"),
    path("tax/rates/<str:code>/replace/", reference_views.tax_replace, name="tax-replace"),
    path("categories/", reference_views.categories, name="categories"),
    path("categories/<path:name>/", reference_views.category, name="category"),
]
