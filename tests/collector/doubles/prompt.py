#!/usr/bin/env python3
"""prompt.py FILE LOG COMMAND...: runs a command on a terminal of its own and types what FILE holds when asked."""
import os
import pty
import select
import sys
import time

log, command = sys.argv[2], sys.argv[3:]
with open(sys.argv[1], "rb") as f:
    typed_text = f.read()
pid, fd = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
seen, typed, end = b"", False, time.time() + 90
while time.time() < end:
    if select.select([fd], [], [], 0.5)[0]:
        try:
            data = os.read(fd, 4096)
        except OSError:
            break
        if not data:
            break
        seen += data
    if not typed and b"password of" in seen:
        time.sleep(0.5)
        os.write(fd, typed_text)
        typed = True
with open(log, "wb") as f:
    f.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
