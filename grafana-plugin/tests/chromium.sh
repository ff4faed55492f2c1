#!/bin/sh
# Starts Chromium, which has a session of its own, with the niceness of the tests that start it: with autogroups, Linux
# shares the processors out by session first, each of which begins with a niceness of 0.
{ nice >/proc/self/autogroup; } 2>/dev/null
exec "${CHROMIUM:-chromium-headless-shell}" "$@"
