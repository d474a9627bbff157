"""Drawings as SVG, worked out on the server: lineage, timeline of one body, and the graph of declared steps.

Pure Python: a drawing is made from plain values and comes back as text, the same text for the same values.
All text given is escaped. A drawing holds no styles and no scripts; its classes are styled in
`pcorg/assets/scss`.
"""
