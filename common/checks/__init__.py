"""Feedback on exercises and quizzes, one module per lesson; `feedback` holds what they share."""
