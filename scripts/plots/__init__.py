"""Plots of counts, for print and for the screen: rows in, a figure out.

    chart       what is asked for, as rows and words: the input of everything here
    words       the labels in English and Spanish
    sheet       the page around a plot: title, foot, axes, the shade of a gap
    periods     one measure by year or month
    names       one measure by author, tag, category …
    multiples   one measure of several of these, each over the years
    picture     a figure as PNG or SVG, the same bytes for the same rows

matplotlib is used by its objects, without pyplot: nothing is global, no window is opened, and the
library is loaded when a plot is asked for.
"""
