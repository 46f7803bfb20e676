import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json as jsonOf, buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { dockerHost } from './engine.js';
import { json } from './fake-engine.js';

export const GPU = 'GPU-8932f937-d72c-4106-c12f-20bd9faed9f6';
export const OTHER_GPU = 'GPU-1b5a9c63-0f0e-4f0c-9f7e-5f5f6f6d7a21';

/** What an engine with the NVIDIA Container Toolkit says of a GPU that is not there. */
const unknownDevice = (gpu: string): string =>
  `failed to create shim task: OCI runtime create failed: container_linux.go:380: starting container process caused: process_linux.go:545: container init caused: Running hook #0:: error running hook: exit status 1, stdout: , stderr: nvidia-container-cli: device error: ${gpu}: unknown device: unknown`;

/** What the program of the driver prints with a GPU, and once the container was cut off from it. */
const LIST = (gpus: readonly string[]): string =>
  gpus.map((gpu, at) => `GPU ${at}: NVIDIA A100-SXM4-40GB (UUID: ${gpu})`).join('\n');
const CUT_OFF = 'Failed to initialize NVML: Unknown Error';

interface Body {
  HostConfig?: { DeviceRequests?: { DeviceIDs: string[] }[] };
  Cmd?: string[];
}

/**
 * The engine of the tests as if its host had GPUs: what only a GPU and its driver do is played as it
 * was recorded, everything else is the engine's own doing.
 */
export class GpuEngine {
  readonly #folder = mkdtempSync(join(tmpdir(), 'registrar-gpu-'));
  readonly #path = join(this.#folder, 'docker.sock');
  /** GPUs by container. */
  readonly #gpus = new Map<string, readonly string[]>();
  readonly #cutOff = new Set<string>();
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  get dockerHost(): string {
    return `unix://${this.#path}`;
  }

  /** Takes the GPUs of a container away, as `systemctl daemon-reload` does. */
  loseGpus(id: string): void {
    this.#cutOff.add(id);
  }

  async listen(): Promise<void> {
    this.#server.on('connection', (socket: Socket) => this.#keep(socket));
    this.#server.on('upgrade', (request: IncomingMessage, client: Socket, head: Buffer) => {
      const engine = this.#keep(connect(enginePath()));
      engine.write(headOf(request));
      engine.write(head);
      client.pipe(engine).pipe(client);
    });
    await new Promise<void>((resolve) => this.#server.listen(this.#path, resolve));
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    return socket
      .on('error', () => socket.destroy())
      .on('close', () => this.#sockets.delete(socket));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.replace(/^\/v\d+\.\d+/, '').replace(/\?.*/, '') ?? '';
    const [, id = '', verb] = /^\/containers\/([0-9a-f]{64})\/(start|exec)$/.exec(path) ?? [];
    const missing = this.#gpus.get(id)?.find((gpu) => gpu !== GPU && gpu !== OTHER_GPU);
    if (path === '/containers/create') return this.#create(request, response);
    if (verb === 'exec') return this.#exec(id, request, response);
    if (verb === 'start' && missing !== undefined)
      return json(response, { message: unknownDevice(missing) }, 500);
    (await passOn(request, response, request)).pipe(response);
  }

  async #create(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await jsonOf(request)) as Body;
    const gpus = body.HostConfig?.DeviceRequests?.flatMap(({ DeviceIDs }) => DeviceIDs);
    delete body.HostConfig?.DeviceRequests;
    const answer = await buffer(await passOn(request, response, body));
    const { Id } = JSON.parse(answer.toString()) as { Id?: string };
    if (Id !== undefined && gpus !== undefined) this.#gpus.set(Id, gpus);
    response.end(answer);
  }

  async #exec(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await jsonOf(request)) as Body;
    const gpus = this.#gpus.get(id);
    if (body.Cmd?.[0] === 'nvidia-smi' && gpus !== undefined) {
      const isCutOff = this.#cutOff.has(id);
      const text = isCutOff ? CUT_OFF : LIST(gpus);
      body.Cmd = ['sh', '-c', `echo "${text}"; exit ${isCutOff ? 255 : 0}`];
    }
    (await passOn(request, response, body)).pipe(response);
  }
}

const enginePath = (): string => dockerHost().replace('unix://', '');

/** Asks the engine the same, with another body if one is given; the head of its answer is passed back. */
async function passOn(
  { method, url, headers }: IncomingMessage,
  response: ServerResponse,
  body: Readable | object,
): Promise<IncomingMessage> {
  const text = 'pipe' in body ? undefined : JSON.stringify(body);
  const length = text === undefined ? {} : { 'content-length': Buffer.byteLength(text) };
  const options = { socketPath: enginePath(), method, path: url, agent: false };
  return new Promise((resolve, reject) => {
    const asked = ask({ ...options, headers: { ...headers, ...length } }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      response.flushHeaders();
      resolve(answer);
    });
    asked.on('error', reject);
    response.on('close', () => asked.destroy());
    if (text === undefined) (body as Readable).pipe(asked);
    else asked.end(text);
  });
}

function headOf({ method, url, rawHeaders }: IncomingMessage): string {
  const lines = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1]}`] : [],
  );
  return [`${method} ${url} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}

/** An engine with GPUs, closed after the test. */
export async function gpuEngine(): Promise<GpuEngine> {
  const engine = new GpuEngine();
  await engine.listen();
  onTestFinished(() => engine.close());
  return engine;
}
