# The daemon as an image. docs/operations.md says how to build and run it, and what it means that a
# container has the socket of the engine. For a release, name both images by digest:
#   docker build --build-arg BUILD_IMAGE=…@sha256:… --build-arg RUN_IMAGE=…@sha256:… .
ARG BUILD_IMAGE=docker.io/library/node:22-bookworm
ARG RUN_IMAGE=docker.io/library/node:22-bookworm-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /opt/registrar
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY bin ./bin
COPY migrations ./migrations
COPY src ./src
# What compiles is not needed to run.
RUN bin/build && npm prune --omit=dev

FROM ${RUN_IMAGE}
# The version is Debian's: bookworm has one of each, with fixes and nothing else.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates git gnupg openssh-client \
  && rm -rf /var/lib/apt/lists/*
# ssh wants to know the name of its user. The folders are for mounts of the host.
RUN groupadd --gid 990 registrar \
  && useradd --uid 990 --gid 990 --no-create-home --home-dir /var/lib/registrar registrar \
  && install -d -o 990 -g 990 -m 0700 /var/lib/registrar /var/cache/registrar \
  && install -d -m 0755 /etc/registrar
WORKDIR /opt/registrar
COPY LICENSE package.json ./
COPY --from=build /opt/registrar/bin/registrar ./bin/registrar
COPY --from=build /opt/registrar/node_modules ./node_modules
COPY --from=build /opt/registrar/dist ./dist
COPY --from=build /opt/registrar/oclif.manifest.json ./
ENV NODE_ENV=production \
  PATH=/opt/registrar/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  REGISTRAR_CONFIG_DIR=/etc/registrar \
  REGISTRAR_DATA_DIR=/var/lib/registrar \
  REGISTRAR_SECRETS_DIR=/run/registrar \
  TMPDIR=/var/cache/registrar
LABEL org.opencontainers.image.title="Registrar" \
  org.opencontainers.image.description="A Kubernetes-style control plane for subnet modules" \
  org.opencontainers.image.licenses="MIT"
# The group of the engine's socket comes with --group-add.
USER 990:990
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["node", "-e", "require('node:http').get({ socketPath: process.env.REGISTRAR_DATA_DIR + '/registrar.sock', path: '/healthz' }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
ENTRYPOINT ["registrar"]
CMD ["daemon"]
