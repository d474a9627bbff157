"""What pages say: each presenter takes loaded records and owns the wording of one page."""
