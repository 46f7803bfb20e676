import { request } from 'node:http';

/**
 * @param {string} host `unix:///path`, `tcp://host:port` or `http://host:port`
 */
function connection(host) {
  if (host.startsWith('unix://')) return { socketPath: host.slice('unix://'.length) };
  const url = /^(tcp|http):\/\//.test(host) ? new URL(host.replace(/^tcp:/, 'http:')) : undefined;
  if (url === undefined)
    throw new Error(`Cannot use "${host}": write unix:///path or tcp://host:port`);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port };
}

/**
 * One HTTP exchange; any status is an answer. Rejects when there is none within `timeoutMs`.
 *
 * @param {string} host
 * @param {string} method
 * @param {string} path
 * @param {{ body?: Buffer, headers?: Record<string, string>, timeoutMs?: number }} [options]
 * @returns {Promise<{ status: number, body: Buffer }>}
 */
export function exchange(host, method, path, { body, headers = {}, timeoutMs = 10_000 } = {}) {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const outgoing = request({
      ...connection(host),
      method,
      path,
      headers: { ...headers, ...length },
      signal: AbortSignal.timeout(timeoutMs),
    });
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      /** @type {Buffer[]} */
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }),
      );
    });
    outgoing.end(body);
  });
}

/**
 * The JSON of a good answer; a bad one is an error with its message.
 *
 * @param {Parameters<typeof exchange>} args
 * @returns {Promise<any>}
 */
export async function askJson(...args) {
  const { status, body } = await exchange(...args);
  const text = body.toString();
  if (status >= 400) throw new Error(`${args[1]} ${args[2]} answered ${status}: ${text.trim()}`);
  return text === '' ? undefined : JSON.parse(text);
}
