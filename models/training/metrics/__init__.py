"""Figures of a prediction beside its ground truth, each in the convention that publications use.

A figure of one sequence comes as a number, or as one number a frame where publications take the mean over the
frames of all test sequences together; `pooled` takes that mean.
"""
