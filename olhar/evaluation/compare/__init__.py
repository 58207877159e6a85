"""Which of several models or recipes is better on the same pictures: differences with intervals, corrected for their number.

Predictions of each -> PairComparison -> Comparison -> sentences. Rule: answers come in; nothing is predicted, no run opened.
"""
