"""A portfolio document as a workbook: one sheet for each kind of record, as XLSX or as CSV files in a ZIP.

The sheets and their columns follow from the JSON Schema of the document (`layout`), so that a new section of the
document has its sheet without further work here. A workbook is read into the same plain data, with a place for each
value, that YAML gives (`assembling`); the same validator then looks at it. `filing` goes the other way.
"""
