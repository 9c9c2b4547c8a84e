from answers.views.card import card
from answers.views.desk import away, desk
from answers.views.drafting import discard, draft
from answers.views.facts import ask_fact, give_fact
from answers.views.following import follow_thread, follow_treatment, follows
from answers.views.history import history
from answers.views.keeping import kept_here, packet, save, saved
from answers.views.lists import answers_of_doctor, thread_list, threads_of_treatment
from answers.views.matrix import uses_csv
from answers.views.mine import afterwards, mine
from answers.views.reading import read
from answers.views.replies import replies, reply, reply_delete
from answers.views.seconding import second_opinion
from answers.views.thread import answer, thread
from answers.views.votes import accept, helpful
from answers.views.writing import confirm, edit, withdraw, write

__all__ = [
    "accept",
    "afterwards",
    "answer",
    "answers_of_doctor",
    "ask_fact",
    "away",
    "card",
    "confirm",
    "desk",
    "discard",
    "draft",
    "edit",
    "follow_thread",
    "follow_treatment",
    "follows",
    "give_fact",
    "helpful",
    "history",
    "kept_here",
    "mine",
    "packet",
    "read",
    "replies",
    "reply",
    "reply_delete",
    "save",
    "saved",
    "second_opinion",
    "thread",
    "thread_list",
    "threads_of_treatment",
    "uses_csv",
    "withdraw",
    "write",
]
