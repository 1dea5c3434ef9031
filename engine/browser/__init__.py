"""The local page: the whole job of a cohort without a terminal, for one person on one machine.

::

    server.py     listens on this machine only, opens the browser, ends when nobody looks any more
    gate.py       who may speak: the first address's token, then a cookie; Host and Origin; headers of every answer
    app.py        the addresses: pages to read
    actions.py    the addresses: what is asked for; each is one function of engine.commands
    drops.py      a file that was dropped, filed below retours/
    letters.py    what would be sent by mail, sending it, fetching what came
    desk.py       one thing at a time, in the background, with its progress
    reading.py    what a consolidation would find now: nothing is remembered that the folder does not say
    views.py      a reading -> what the pages show (pages/, in Jinja; assets/, the style and the script)
    places.py     the folder that was opened: a cohort, or several
    desktop.py    a file opened in the program it belongs to

It is a thin layer: what it shows is what ``consolidate --dry-run`` finds, what it does is what the command of the same
name does. Its libraries are Flask and Jinja, on Werkzeug's threaded server. NiceGUI brings some thirty packages, keeps
the state of the page on the server and needs inline scripts; Starlette and uvicorn are made for many clients at once,
and every command here is plain blocking code; bottle has neither threads nor streamed bodies of its own; with
``http.server`` alone, routing, cookies and, above all, escaping would be ours to write and to keep. Jinja escapes
every text by itself, and the texts here come from returns. Nothing comes from the network: the script is ours.
"""
