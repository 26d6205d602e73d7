"""The report on a province or city: what its counties' own reports find, side by side."""

from analysis.tell.documents.region.gathering import Gathered, gather
from analysis.tell.documents.region.opening import of_gathered, open_region
from analysis.tell.documents.region.region import RegionReport

__all__ = ["Gathered", "RegionReport", "gather", "of_gathered", "open_region"]
