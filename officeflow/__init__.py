"""OfficeFlow: a front desk, a back office, and hand-offs between them that are never lost."""

from officeflow.celery import app as celery_app

__all__ = ["celery_app"]
