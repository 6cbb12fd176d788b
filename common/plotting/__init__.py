"""The course's figures. `figure` starts one in the course's style; the rest are the drawings that lessons share.

Pictures that only one lesson needs are in a module of its name, as `common.plotting.day1_01`.
"""

from common.plotting.base import CourseFigure, blank, describe, figure
from common.plotting.curves import draw_band, draw_curves, show_curves
from common.plotting.diagrams import show_graph, show_matrices, show_network
from common.plotting.images import show_confusion, show_images
from common.plotting.planes import draw_plane, show_regions

__all__ = [
    "CourseFigure",
    "blank",
    "describe",
    "draw_band",
    "draw_curves",
    "draw_plane",
    "figure",
    "show_confusion",
    "show_curves",
    "show_graph",
    "show_images",
    "show_matrices",
    "show_network",
    "show_regions",
]
