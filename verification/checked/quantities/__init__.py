"""Quantities that sentences print, by name, and what sentences claim beside them."""

from verification.checked.quantities import counts, data, form, quality, resources

ALL = {**form.ALL, **resources.ALL, **counts.ALL, **quality.ALL, **data.ALL}
CLAIMS = {**resources.CLAIMS, **counts.CLAIMS, **quality.CLAIMS}
