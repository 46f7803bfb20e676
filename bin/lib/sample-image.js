import { createHash } from 'node:crypto';
import { staticBusybox } from './busybox.js';
import { askJson, exchange } from './http.js';
import { tar } from './tar.js';

/** The image that config/, manifests/ and the tests run. Made on the spot, so it works offline. */
export const SAMPLE_IMAGE = 'registrar-sample/busybox:1';

const USER = 65532;
const LOAD_TIMEOUT_MS = 60_000;

/** Only what samples and tests use. wget takes addresses only: a static glibc crashes on names. */
const APPLETS =
  '[ ash basename cat chmod cp cut date dd dirname echo env expr false find grep head hostname ' +
  'httpd id kill ln ls mkdir mv nc nproc printf ps pwd rm sed seq sh sleep sort stat tail tar tee ' +
  'test timeout touch tr true uname wc wget which xargs yes';

const PASSWD = `root:x:0:0:root:/:/bin/sh\napp:x:${USER}:${USER}:app:/:/bin/sh\n`;
const GROUP = `root:x:0:\napp:x:${USER}:\n`;
const PAGE = '<!doctype html><title>Registrar</title><p>It works.</p>\n';

/** Waits for ever, and ends when asked to: process 1 ignores signals that it has no trap for. */
const COMMAND = ['sh', '-c', "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done"];

/** @param {string} path @returns {import('./tar.js').Entry} */
const folder = (path) => ({ path: `${path}/`, type: 'folder' });

/** @param {string} path @param {string} text @returns {import('./tar.js').Entry} */
const textFile = (path, text) => ({ path, type: 'file', content: Buffer.from(text) });

/** @param {Buffer} busybox */
function layer(busybox) {
  return tar([
    folder('bin'),
    { path: 'bin/busybox', type: 'file', mode: 0o755, content: busybox },
    ...APPLETS.split(' ').map((name) => ({
      path: `bin/${name}`,
      type: /** @type {const} */ ('link'),
      target: 'busybox',
    })),
    // A new named volume takes the owner of the folder that it is mounted on.
    { ...folder('data'), owner: USER },
    folder('etc'),
    textFile('etc/group', GROUP),
    textFile('etc/passwd', PASSWD),
    { ...folder('tmp'), mode: 0o1777 },
    folder('www'),
    textFile('www/index.html', PAGE),
  ]);
}

/** @param {Buffer} content */
const sha256 = (content) => createHash('sha256').update(content).digest('hex');

/**
 * What `docker save` would write: the same bytes, and so the same image id, for the same busybox.
 *
 * @param {Buffer} busybox
 * @param {string} architecture
 */
function imageArchive(busybox, architecture) {
  const content = layer(busybox);
  const config = {
    architecture,
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: { User: `${USER}:${USER}`, Env: ['PATH=/bin'], Cmd: COMMAND, WorkingDir: '/' },
    rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(content)}`] },
    history: [{ created: '1970-01-01T00:00:00Z', created_by: 'bin/sample-image' }],
  };
  const manifest = [
    { Config: 'config.json', RepoTags: [SAMPLE_IMAGE], Layers: ['layer/layer.tar'] },
  ];
  return tar([
    textFile('config.json', JSON.stringify(config)),
    folder('layer'),
    { path: 'layer/layer.tar', type: 'file', content },
    textFile('manifest.json', JSON.stringify(manifest)),
  ]);
}

/**
 * Makes the sample image in an engine. Resolves to false when it was there.
 *
 * @param {string} host
 */
export async function ensureSampleImage(host) {
  const present = await exchange(host, 'GET', `/images/${SAMPLE_IMAGE}/json`);
  if (present.status === 200) return false;
  const { Arch } = await askJson(host, 'GET', '/version');
  const archive = imageArchive(await staticBusybox(host, Arch), Arch);
  const answer = await exchange(host, 'POST', '/images/load?quiet=1', {
    body: archive,
    headers: { 'content-type': 'application/x-tar' },
    timeoutMs: LOAD_TIMEOUT_MS,
  });
  const text = answer.body.toString();
  if (answer.status !== 200 || text.includes('"error"')) {
    throw new Error(`Cannot make the sample image: ${text.trim()}`);
  }
  return true;
}

/**
 * Removes the sample image; one that a container still uses stays.
 *
 * @param {string} host
 */
export async function removeSampleImage(host) {
  await exchange(host, 'DELETE', `/images/${SAMPLE_IMAGE}`);
}
