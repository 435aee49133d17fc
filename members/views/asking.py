"""Pages that ask; a refusal's code may name a field by the words of members."""

from functools import partial

from config.lib import asking
from members.forms.members import add_service_error

form_page = partial(asking.form_page, add_error=add_service_error)
confirm_page = partial(asking.confirm_page, add_error=add_service_error)
