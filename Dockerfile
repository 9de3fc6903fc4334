# The image of every Airflow service of docker-compose.yml. Another Python or mirror: --build-arg BASE_IMAGE=...
ARG BASE_IMAGE=docker.io/library/python:3.12-slim-bookworm
FROM ${BASE_IMAGE}

# Pango and HarfBuzz lay out the briefs; tini hands signals to Airflow and reaps its children.
RUN apt-get update \
    && apt-get install -y --no-install-recommends fontconfig libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 tini \
    && rm -rf /var/lib/apt/lists/*

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PATH=/opt/venv/bin:$PATH
WORKDIR /opt/bam

COPY requirements/production.lock requirements/
RUN python3 -m venv /opt/venv \
    && python -m pip install --require-hashes --no-deps -r requirements/production.lock

# .dockerignore lists what there is to copy.
COPY . .
RUN python -m pip install --no-deps --no-build-isolation --editable . \
    && useradd --uid 50000 --gid 0 --home-dir /opt/bam --shell /usr/sbin/nologin bam \
    && mkdir -p var airflow \
    && chown -R bam:0 var airflow \
    && chmod -R g+w var airflow

ENV AIRFLOW_HOME=/opt/bam/airflow \
    BAM_HOME=/opt/bam/var \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/bam/dags \
    AIRFLOW__CORE__LOAD_EXAMPLES=False

USER bam
ENTRYPOINT ["tini", "--"]
CMD ["airflow", "version"]
