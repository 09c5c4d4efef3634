# Hemeroteca in a container: the jobs of /archive/hemeroteca.toml, run at their times.
#
#     docker build -t hemeroteca .
#     docker run -v archive:/archive -v ./hemeroteca.toml:/archive/hemeroteca.toml:ro hemeroteca
#
# Any other command of the program stands behind the image's name, such as `hemeroteca search …`.

# First a place to build in: its tools stay behind.
FROM python:3.13-slim AS build
WORKDIR /source
RUN python -m venv /opt/hemeroteca
# The packages before the program, so that a change of the program does not fetch them again.
# Every one is held against the hash that the lock file names.
COPY requirements.lock ./
RUN /opt/hemeroteca/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY crawler crawler
COPY spiders spiders
COPY storage storage
COPY scripts scripts
RUN /opt/hemeroteca/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

# Then the image that runs: Python, the packages, the program, and a user who is nobody special.
FROM python:3.13-slim
COPY --from=build /opt/hemeroteca /opt/hemeroteca
ENV PATH=/opt/hemeroteca/bin:$PATH PYTHONUNBUFFERED=1
RUN useradd --uid 10001 --create-home archivist && install -d -o archivist -g archivist /archive
USER archivist
# The archive, the jobs file and the log stand here; a volume keeps them.
WORKDIR /archive
VOLUME /archive
# 503, and so "unhealthy", when a job's last run failed or did not happen.
HEALTHCHECK --interval=5m --timeout=10s --start-period=1m \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8753/health', timeout=5)"]
# `docker stop` sends SIGTERM: a crawl under way ends cleanly and is gone on with next time.
ENTRYPOINT ["hemeroteca"]
CMD ["run"]
