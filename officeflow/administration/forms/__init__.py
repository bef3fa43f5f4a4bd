"""The forms of the administration's pages."""

from officeflow.administration.forms.hours import ClosureForm, HoursForm
from officeflow.administration.forms.office import OfficeForm
from officeflow.administration.forms.set_up import RateFormSet, SetUpForm

__all__ = ["ClosureForm", "HoursForm", "OfficeForm", "RateFormSet", "SetUpForm"]
