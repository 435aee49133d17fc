"""The benchmark: the portal and plain Django admin on the same data, side by side.

    scripts/bench            100,000 members, printed and written to a file
    scripts/bench --quick    5,000 members: whether the benchmark itself works

What is timed is also checked: rows, totals and files are compared with independent
counts, so that nothing is fast by leaving something out.
"""
