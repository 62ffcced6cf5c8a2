"""How fast measures of journeys are, beside what one would otherwise write, and whether they agree.

For developers of kernels: `journeysim bench score`. No time is printed before every contender has
agreed with the plain reference.
"""
