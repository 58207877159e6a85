"""What is known of a run or a check, as one page that opens with no network, and its figures.

Run folder -> Story -> facts -> figures and page. Rule: data before drawing; nothing of a person's machine on a page.
"""
