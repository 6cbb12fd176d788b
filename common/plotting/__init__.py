"""The course's figures. `figure` starts one in the course's style; the rest are the drawings that lessons share.

Pictures that only one lesson needs are in a module of its name, as `common.plotting.day1_01`.
"""

from common.plotting.base import CourseFigure, blank, describe, figure
from common.plotting.diagrams import show_matrices, show_network
from common.plotting.planes import draw_plane, show_regions

__all__ = [
    "CourseFigure",
    "blank",
    "describe",
    "draw_plane",
    "figure",
    "show_matrices",
    "show_network",
    "show_regions",
]
