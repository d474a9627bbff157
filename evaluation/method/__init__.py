"""The method of evaluation, apart from any database: additive value with honest uncertainty.

References: Communities and Local Government, *Multi-criteria analysis: a manual* (2009); HM Treasury, *The Green Book*
and its guidance on multi-criteria decision analysis (2024); Lahdelma and Salminen, *SMAA-2* (2001); Tervonen and
Lahdelma, *Implementing stochastic multicriteria acceptability analysis* (2007).
"""
