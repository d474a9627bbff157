"""The acronyms that pages use, in full. The glossary explains the terms themselves."""

ACRONYMS = {
    "API": "application programming interface",
    "CSV": "comma-separated values",
    "GP": "general practitioner",
    "NHS": "National Health Service",
    "ODS": "Organisation Data Service",
    "OGL": "Open Government Licence",
    "ONS": "Office for National Statistics",
    "PCG": "primary care group",
    "PCT": "primary care trust",
    "PMS": "personal medical services",
    "WCAG": "Web Content Accessibility Guidelines",
}
