"""Quantities that sentences print, by name, and what sentences claim beside them."""

from verification.checked.quantities import (
    composite,
    counts,
    county,
    data,
    forecast,
    form,
    fragile,
    least_cost,
    plan,
    quality,
    resources,
    school,
    subject,
    township,
)

ALL = {
    **form.ALL,
    **resources.ALL,
    **counts.ALL,
    **quality.ALL,
    **data.ALL,
    **county.ALL,
    **fragile.ALL,
    **least_cost.ALL,
    **forecast.ALL,
    **composite.ALL,
    **plan.ALL,
    **school.ALL,
    **subject.ALL,
    **township.ALL,
}
CLAIMS = {
    **resources.CLAIMS,
    **counts.CLAIMS,
    **quality.CLAIMS,
    **county.CLAIMS,
    **fragile.CLAIMS,
    **least_cost.CLAIMS,
    **forecast.CLAIMS,
    **composite.CLAIMS,
    **plan.CLAIMS,
    **school.CLAIMS,
    **subject.CLAIMS,
    **township.CLAIMS,
}
