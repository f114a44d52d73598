"""Models of two texts: one is attended, the other (a question, a hypothesis) asks about it."""
