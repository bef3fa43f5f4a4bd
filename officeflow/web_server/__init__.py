"""The web server: waitress with limits for slow connections and large bodies.

One thread of each process receives requests and sends answers; the other threads work only on
requests that arrived completely. So a slow connection costs a socket and some memory, and no
thread. `python -m officeflow.web_server --help` lists the options.
"""
