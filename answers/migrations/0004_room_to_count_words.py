"""Counts of words change often and no index holds them: with room on its page a row is changed in place."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("answers", "0003_words_of_the_threads")]

    operations: ClassVar = [
        migrations.RunSQL(
            "ALTER TABLE answers_word SET (fillfactor = 50)", "ALTER TABLE answers_word RESET (fillfactor)"
        )
    ]
