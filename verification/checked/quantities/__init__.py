"""Quantities that sentences print, by name, and what sentences claim beside them."""

from verification.checked.quantities import counts, county, data, form, fragile, quality, resources

ALL = {**form.ALL, **resources.ALL, **counts.ALL, **quality.ALL, **data.ALL, **county.ALL, **fragile.ALL}
CLAIMS = {**resources.CLAIMS, **counts.CLAIMS, **quality.CLAIMS, **county.CLAIMS, **fragile.CLAIMS}
