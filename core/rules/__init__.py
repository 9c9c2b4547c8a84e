"""Rules that hold a text for a closer look and never refuse it.

``phrases`` and ``denial`` read a text in bounded time; ``reading`` says what can be read and by which detectors;
``models`` keep the rules, their versions and what fired; ``running`` runs them where something is handed in;
``editing`` is the one way to change a rule; ``trial`` shows what a rule would hold before it is saved.
"""
