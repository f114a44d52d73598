"""The experiments of Jain & Wallace (2019) done again, beside what they published.

Names are imported from their modules, so that a command line can be parsed without torch.
"""
