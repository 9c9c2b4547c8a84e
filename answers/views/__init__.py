from answers.views.lists import answers_of_doctor, thread_list, threads_of_treatment
from answers.views.seconding import second_opinion
from answers.views.thread import answer, history, thread
from answers.views.votes import accept, helpful
from answers.views.writing import desk, edit, withdraw, write

__all__ = [
    "accept",
    "answer",
    "answers_of_doctor",
    "desk",
    "edit",
    "helpful",
    "history",
    "second_opinion",
    "thread",
    "thread_list",
    "threads_of_treatment",
    "withdraw",
    "write",
]
