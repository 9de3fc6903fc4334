# The image of every Airflow service of docker-compose.yml. Another Python or mirror: --build-arg BASE_IMAGE=...
ARG BASE_IMAGE=docker.io/library/python:3.12-slim-bookworm

# The environment is made in a stage of its own: pip and what only the making needs stay there.
FROM ${BASE_IMAGE} AS environment
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /opt/bam
COPY requirements/production.lock requirements/bootstrap.lock requirements/slim.sh requirements/
RUN python3 -m venv --without-pip /opt/venv \
    && python3 -m pip --python /opt/venv/bin/python install --no-compile --require-hashes --no-deps \
        -r requirements/bootstrap.lock -r requirements/production.lock \
    && requirements/slim.sh /opt/venv
# Only what names the package and its commands: another line of code makes no other environment.
COPY pyproject.toml README.md LICENSE ./
COPY include/bam/__init__.py include/bam/
RUN python3 -m pip --python /opt/venv/bin/python install --no-deps --no-build-isolation --editable .

FROM ${BASE_IMAGE}
# Pango and HarfBuzz lay out the briefs; tini hands signals to Airflow and reaps its children.
RUN apt-get update \
    && apt-get install -y --no-install-recommends fontconfig libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 tini \
    && rm -rf /var/lib/apt/lists/*

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/opt/venv/bin:$PATH \
    AIRFLOW_HOME=/opt/bam/airflow \
    BAM_HOME=/opt/bam/var \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/bam/dags \
    AIRFLOW__CORE__LOAD_EXAMPLES=False
WORKDIR /opt/bam

COPY --from=environment /opt/venv /opt/venv
# .dockerignore lists what there is to copy.
COPY . .
RUN useradd --uid 50000 --gid 0 --home-dir /opt/bam --no-create-home --shell /usr/sbin/nologin bam \
    && mkdir -p var airflow/logs \
    && chown -R bam:0 var airflow \
    && chmod -R g+w var airflow \
    && python -m compileall -q --invalidation-mode unchecked-hash include dags

USER bam
ENTRYPOINT ["tini", "--"]
CMD ["airflow", "version"]
