"""Crawls that run by themselves: what `hemeroteca.toml` says, and what becomes of it.

times         the five fields of a schedule, for cron, systemd and the scheduler alike
plan          the jobs file, read and checked
entries       cron lines and systemd units
installing    putting those in, and taking them out again
running       one run of one job, in a process of its own
alerts        telling somebody what rings, once
scheduler     `hemeroteca run`: all jobs in the foreground, with a health endpoint
"""
