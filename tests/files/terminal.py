"""Runs a command in a terminal of 61 columns, which has 92 after its first line; prints its output.

With `stderr-away` before the command its stderr is /dev/null. The exit status is the command's."""

import fcntl
import os
import pty
import struct
import sys
import termios


def resize(terminal, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 20, columns, 0, 0))


def run_in_terminal(command, stderr_away):
    child, terminal = pty.fork()
    if child == 0:
        os.read(0, 1)  # until the terminal has its size
        if stderr_away:
            os.dup2(os.open("/dev/null", os.O_WRONLY), 2)
        os.execvp(command[0], command)
    attributes = termios.tcgetattr(terminal)
    attributes[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(terminal, termios.TCSANOW, attributes)
    resize(terminal, 61)
    os.write(terminal, b"x")
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 1000)
        except OSError:  # the terminal is closed
            break
        if b"\n" in piece and b"\n" not in shown:
            resize(terminal, 92)
        shown += piece
    sys.stdout.write(shown.decode().replace("\r\n", "\n"))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


words = sys.argv[1:]
away = words[0] == "stderr-away"
sys.exit(run_in_terminal(words[1:] if away else words, away))
