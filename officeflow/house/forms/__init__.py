"""The forms of the house's own pages. They check shape; the actions decide."""

from officeflow.house.forms.hours import ClosureForm, HoursForm
from officeflow.house.forms.office import OfficeForm
from officeflow.house.forms.set_up import RateFormSet, SetUpForm

__all__ = ["ClosureForm", "HoursForm", "OfficeForm", "RateFormSet", "SetUpForm"]
