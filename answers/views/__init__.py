from answers.views.history import history
from answers.views.lists import answers_of_doctor, thread_list, threads_of_treatment
from answers.views.thread import answer, thread
from answers.views.votes import accept, helpful
from answers.views.writing import confirm, desk, edit, withdraw, write

__all__ = [
    "accept",
    "answer",
    "answers_of_doctor",
    "confirm",
    "desk",
    "edit",
    "helpful",
    "history",
    "thread",
    "thread_list",
    "threads_of_treatment",
    "withdraw",
    "write",
]
