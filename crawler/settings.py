"""Scrapy's settings for this project: plain strings and numbers, each with its why.

``scrapy crawl … -s NAME=VALUE`` overrides any of them for one run. What differs from site to site
(the delay) stands in the site's profile.
"""

from __future__ import annotations

BOT_NAME = "hemeroteca"

# One spider per site profile is made in this module; nothing is registered by hand.
SPIDER_MODULES = ["spiders.sites"]
NEWSPIDER_MODULE = "spiders"

# --- Ours

# The archive that a crawl writes to: a path, or the URL of a database.
HEMEROTECA_ARCHIVE = "hemeroteca.db"
# Mail address or web page of whoever runs the crawl; becomes part of the user agent.
HEMEROTECA_CONTACT = ""
# A pause that a server asks for is waited out up to this length; for a longer one the host is left
# alone until a later run, and the pause is remembered in the archive.
HEMEROTECA_LONGEST_PAUSE_SECONDS = 300.0
# A page that takes longer to read is kept unread. 0 reads pages in the crawl's own process, without
# a limit; otherwise each site has a process beside, so that fetching goes on meanwhile.
HEMEROTECA_LONGEST_READING_SECONDS = 60.0
# A robots.txt is asked for again after this time, or what its Cache-Control says; never later than
# after a day (RFC 9309, section 2.4).
HEMEROTECA_ROBOTS_SECONDS = 6 * 3600.0
# Pause after a 429 or 503 that names none; doubles each time, up to an hour.
HEMEROTECA_FIRST_PAUSE_SECONDS = 30.0

# Where the Wayback Machine answers; another base for a web archive of one's own that runs its
# programs.
HEMEROTECA_WAYBACK = "https://web.archive.org"
# Where Common Crawl's indexes answer, and where the files are that they name.
HEMEROTECA_COMMONCRAWL = "https://index.commoncrawl.org"
HEMEROTECA_COMMONCRAWL_DATA = "https://data.commoncrawl.org"
# Pause between two requests to a web archive, if the site's own is not longer: the Wayback Machine
# takes 24 questions a minute for its lists (2026).
HEMEROTECA_WEB_ARCHIVE_DELAY_SECONDS = 3.0

# What time it is, and how waiting is done: a class like this one.
HEMEROTECA_CLOCK = "spiders.clock.Clock"

# A run that is ended (SIGTERM, Ctrl-C) waits so long for what is under way; Docker kills after 10.
HEMEROTECA_GRACE_SECONDS = 5.0

# --- Ours: bounds. What goes over one costs that page or list alone, and is listed with its reason.

# The largest page; the largest of 1,850 measured news pages has 5 MB.
HEMEROTECA_LONGEST_PAGE_BYTES = 16 * 1024 * 1024
# The status line and all headers of one answer; servers themselves rarely allow more than 16 kB.
HEMEROTECA_LONGEST_HEAD_BYTES = 256 * 1024
# An answer that after so many seconds has come with fewer bytes a second than this, or whose head
# is not whole by then, drips: it is cut, and tried again later. A modem of 1998 sent 5,000.
HEMEROTECA_SLOW_ANSWER_SECONDS = 15.0
HEMEROTECA_SLOW_ANSWER_BYTES = 200
# So much of a robots.txt is read, and not more (RFC 9309, section 2.5, asks for at least this).
HEMEROTECA_LONGEST_ROBOTS_BYTES = 500 * 1024
# Lists (sitemaps, feeds, sections) that one run asks for.
HEMEROTECA_MOST_LISTS = 20_000
# Indexes of sitemaps within indexes; the protocol allows none, and some sites have two.
HEMEROTECA_DEEPEST_INDEX = 10
# Pages that one listing goes on for.
HEMEROTECA_MOST_LIST_PAGES = 20_000
# Pages of a listing in a row that may name nothing but what was named there before under other
# addresses: after that it is taken for a trap (session ids, a calendar).
HEMEROTECA_MOST_REPEATED_PAGES = 3
# Pages in a row that turn out to be no articles while a listing is walked: after that it is taken
# for a trap (a calendar with a page for every day to come).
HEMEROTECA_MOST_VAIN_PAGES = 200
# Requests to one host in one run, lists and robots.txt among them; 0 is as many as it takes. What
# is not asked for stays due, and a run begins with what is newest.
HEMEROTECA_MOST_REQUESTS = 0
# Minutes after which a run asks for nothing more; 0 is as long as it takes.
HEMEROTECA_MOST_MINUTES = 0.0
# New addresses that one run takes in from a site.
HEMEROTECA_MOST_NEW_ADDRESSES = 1_000_000
# Names that may lead to an address of a private network; others that do are not asked. Sites that
# are named by an address or as localhost need not stand here.
HEMEROTECA_PRIVATE_NAMES: list[str] = []

# --- Manners

# robots.txt holds for every page, without exception.
ROBOTSTXT_OBEY = True
# The name that robots.txt rules are looked up by, whatever contact the user agent carries.
ROBOTSTXT_USER_AGENT = "Hemeroteca"
# Replaced by one with version and contact when a spider starts (spiders/articles.py).
USER_AGENT = "Hemeroteca"
# Seconds between two requests to a host; a profile's own delay takes its place.
DOWNLOAD_DELAY = 2.0
# The delay is a promise: no request comes earlier than it says.
DOWNLOAD_DELAY_JITTER = 0.0
# One connection at a time to a host, as a reader would have.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# Requests that may be under way or waiting for their turn.
CONCURRENT_REQUESTS = 8
# An answer gives one item; Scrapy starts this many tasks for each.
CONCURRENT_ITEMS = 1
# Guesses a pace from latency; ours is stated and kept instead.
AUTOTHROTTLE_ENABLED = False
# Nothing is carried from page to page: no sessions, no consent, no paywall meters.
COOKIES_ENABLED = False
# Only our own answers to 429 and 503 honour Retry-After (spiders/manners.py); these are the rest.
RETRY_HTTP_CODES = [408, 500, 502, 504, 520, 522, 524]
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
# A chain of more redirects is a loop or a maze.
REDIRECT_MAX_TIMES = 5
# A refresh written into a page is part of the page, to be kept and read, not to be followed.
METAREFRESH_ENABLED = False

# --- What comes over the wire is what is kept

# Bodies stay packed as they were sent; crawler.parsing.decoding unpacks them, within bounds, here
# and whenever a capture is read again.
COMPRESSION_ENABLED = False
# gzip can be unpacked and packed again to the same byte, so that a page shares the dictionary of
# its site; Brotli and zstd can't. On four sites gzip took 10 to 23 % more on the wire, and 1.6 to
# 2.3 times less in the archive.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip",
}
# The largest answer that is taken in; the sitemap protocol allows 50 MB.
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
# A body that breaks off is kept and marked, not thrown away.
DOWNLOAD_FAIL_ON_DATALOSS = False
# Certificates are checked: an archive is evidence.
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_TIMEOUT = 60
DNS_TIMEOUT = 20
TWISTED_DNS_RESOLVER = "spiders.names.PublicNames"
# Every answer is an outcome to record, whatever its status.
HTTPERROR_ALLOW_ALL = True

# Each request takes its host's turn and is noted as it was answered, right at the wire.
DOWNLOAD_HANDLERS = {
    "http": "spiders.wire.PoliteHandler",
    "https": "spiders.wire.PoliteHandler",
    "ftp": None,
    "s3": None,
    "file": None,
    "data": None,
}
DOWNLOADER_MIDDLEWARES = {
    # Ours takes its place: rules that have run out are asked for again, also within a run.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "spiders.manners.RobotsRules": 100,
    # Not used, and slow to load: what they would do is decided otherwise above and below.
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    # Behind Scrapy's robots.txt check (100), whose own requests pass it.
    "spiders.manners.RobotsAnswers": 120,
    # Between retries (550) and redirects (600): sees an answer before it is tried again.
    "spiders.manners.Patience": 560,
    "spiders.manners.TimesTold": 570,
    # In front of the redirects (600): sees where one leads before it is followed.
    "spiders.manners.StayOnSite": 610,
}
ITEM_PIPELINES = {"spiders.pipelines.KeepInArchive": 100}

# --- The frontier is a table in the archive

# Which page was asked for when is known there; a filter in memory would only grow.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
# A page that is no article is an outcome, not a warning.
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"

# --- No doors, no noise

# Both open a port that runs code sent to it; they are not even loaded.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
EXTENSIONS = {
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.throttle.AutoThrottle": None,
    "scrapy.extensions.memdebug.MemoryDebugger": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
}
# Reports and the archive say what happened; the log is for faults.
LOG_LEVEL = "ERROR"
STATS_DUMP = False
LOGSTATS_INTERVAL = 0
