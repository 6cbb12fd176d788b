"""Sphinx's settings; tools/website.py prepares the pages and calls Sphinx."""

project = "Deep learning from scratch"
copyright = "text and figures: CC BY 4.0, code: BSD 3-Clause"

extensions = ["myst_nb", "sphinx-mathjax-offline"]
nb_execution_mode = "off"  # the notebooks are built and tested elsewhere
# A slider is a picture where no kernel runs.
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_dmath_double_inline = True
myst_heading_anchors = 3
myst_links_external_new_tab = True

html_theme = "sphinx_book_theme"
html_title = project
html_favicon = "favicon.svg"
html_static_path = ["style.css"]
html_css_files = ["style.css"]
html_copy_source = False
html_show_sphinx = False
html_last_updated_fmt = None
html_theme_options = {
    "use_download_button": False,  # each page has its own links
    "use_fullscreen_button": False,
    "show_navbar_depth": 2,
    "show_toc_level": 1,
    "navigation_with_keys": True,
}
