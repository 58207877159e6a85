"""The report: what is known of a run, as one page that opens with no network, and its figures."""
