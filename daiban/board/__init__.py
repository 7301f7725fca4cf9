"""The board of cases (案件看板): where ten thousand cases stand, found, sorted and counted at once, and one case alone.

``status`` reads every case and asks of every document what it would say now, which takes long where there are many. The
board keeps what came of that in ``WS/.daiban/board.sqlite`` and works out again only what has changed since: a case
whose file changed, or of which something went out or came back. What is kept follows from the workspace and can be
thrown away; the registry and the files stay what counts.
"""
