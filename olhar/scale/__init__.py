"""Past one machine: the parts of a work as tasks of Ray, on a cluster or on the processors of this machine.

what a person says after ``--on`` -> an address -> a look at it (there, token, versions) -> Ray -> a Runner. Rule: no other room
but the front door's verbs names this one, and late; nothing of Ray is imported before.
"""
