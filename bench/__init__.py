"""Figures of the bot beside other ways to find an answer, on the same cases in the same run."""
