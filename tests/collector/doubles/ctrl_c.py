#!/usr/bin/env python3
"""ctrl_c.py FILE TIMES COMMAND...: runs a command on a terminal of its own and types Ctrl-C when FILE is there."""
import os
import pty
import select
import signal
import sys
import time

pid, fd = pty.fork()
if pid == 0:
    # a run in the background hands down an ignored SIGINT, which a shell cannot catch
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execvp(sys.argv[3], sys.argv[3:])
times, end = int(sys.argv[2]), time.time() + 60
while time.time() < end:
    if times and os.path.exists(sys.argv[1]):
        time.sleep(0.3)
        os.write(fd, b"\x03")
        times -= 1
    if select.select([fd], [], [], 0.2)[0]:
        try:
            if not os.read(fd, 4096):
                break
        except OSError:
            break
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
