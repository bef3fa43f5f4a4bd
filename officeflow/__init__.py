"""OfficeFlow: a front desk, a back office, and a corridor between them that loses nothing."""

from officeflow.celery import app as celery_app

__all__ = ["celery_app"]
